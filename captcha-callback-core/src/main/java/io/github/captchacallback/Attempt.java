package io.github.captchacallback;

import io.github.captchacallback.store.CallbackStoreException;
import java.time.Duration;
import java.time.Instant;

/**
 * Represents the right to make one attempt to deliver a kept answer, for as long as its lease runs. It ends with {@link
 * #settle()}, {@link #retry(Duration, String)}, {@link #bury(String)} or {@link #release()}. Each can be repeated, for
 * example after a failure of the store. If another node has taken the answer meanwhile, they change nothing and return false.
 * Safe for use by several threads.
 *
 * <p><b>Security notes.</b> A reason is stored, logged and shown to operators: it must not contain the answer.
 */
public final class Attempt {

    private final Inbox inbox;
    private final Callback callback;
    private final long lease;
    private final int number;
    private final Duration ageAtStart;
    private final Instant start;

    /** When the lease ends at the earliest by this process's clock. */
    private volatile Instant leaseEnds;

    Attempt(Inbox inbox, Callback callback, long lease, int number, Duration ageAtStart, Instant start) {
        this.inbox = inbox;
        this.callback = callback;
        this.lease = lease;
        this.number = number;
        this.ageAtStart = ageAtStart;
        this.start = start;
        this.leaseEnds = inbox.leaseFrom(start);
    }

    /** Returns what the service sent. */
    public Callback callback() {
        return callback;
    }

    /** Returns how many attempts have begun, this one included; at least 1. A crash counts. */
    public int number() {
        return number;
    }

    /** Returns how long ago the answer was accepted, by the store's clock as far as it is known. */
    public Duration age() {
        Duration since = Duration.between(start, inbox.now());
        return since.isNegative() ? ageAtStart : ageAtStart.plus(since);
    }

    /** Reports whether the lease runs, as far as this process can tell without asking the store. */
    public boolean isLeased() {
        return inbox.now().isBefore(leaseEnds);
    }

    /**
     * Starts the lease anew.
     *
     * @return false if the attempt has ended, or its lease was over and another node has taken the answer
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean renew() {
        Instant from = inbox.now();
        boolean held = inbox.renew(callback.reference(), lease);
        if (held) {
            leaseEnds = inbox.leaseFrom(from);
        }
        return held;
    }

    /**
     * Ends the attempt and the delivery: the application has the answer, and the store erases it.
     *
     * @return false if another node has taken the answer
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean settle() {
        return inbox.settle(callback.reference(), lease, number);
    }

    /**
     * Ends an attempt that failed. The answer is due again later.
     *
     * @param after how long it is not handed out; zero or positive
     * @param reason why, for events
     * @return false if another node has taken the answer
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean retry(Duration after, String reason) {
        return inbox.retry(callback.reference(), lease, number, after, reason);
    }

    /**
     * Ends an attempt that failed, and gives up the delivery: the answer is a dead letter for {@code delivery.keep-dead}.
     *
     * @param reason why; it is cut to 200 characters
     * @return false if another node has taken the answer
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean bury(String reason) {
        return inbox.bury(callback.reference(), lease, number, reason);
    }

    /**
     * Gives back an attempt that was not begun. The answer is due at once, on any node, and the attempt does not count.
     *
     * @return false if another node has taken the answer
     * @throws CallbackStoreException if the store is unavailable; the answer is then due when the lease is over
     */
    public boolean release() {
        return inbox.release(callback.reference(), lease);
    }

    /** Returns the reference and the number. */
    @Override
    public String toString() {
        return "Attempt[" + callback.reference() + ", " + number + "]";
    }
}
