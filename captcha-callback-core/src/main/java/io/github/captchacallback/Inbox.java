package io.github.captchacallback;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.DueAnswer;
import io.github.captchacallback.store.Renewal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Represents the answers that a store keeps until the application has them. A {@code CallbackEndpoint} with a handler works
 * on it; an application uses it only to deliver answers by a scheduler of its own.
 *
 * <p>An answer is kept in the same step that claims its callback, so a crash after the service got its 200 loses nothing:
 * {@link #take(int)} returns it, on any node, once the lease is over. Safe for use by several threads.
 */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final int REASON_LENGTH = 200;

    private final CallbackInbox store;
    private final CallbackSettings settings;
    private final InstantSource clock;
    private final Notifier notifier;
    private final Judge judge;
    private final LeaseIds leases = new LeaseIds(new SecureRandom());

    /** The lease of a taking whose result was lost: it is asked for again under the same one. */
    private long lostLease;

    private boolean lost;

    Inbox(CallbackInbox store, CallbackSettings settings, InstantSource clock, Notifier notifier, Judge judge) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.notifier = notifier;
        this.judge = judge;
    }

    /**
     * Judges a request as {@link CaptchaCallbacks#verify(CallbackRequest)} does. What is accepted is claimed and its answer kept,
     * in one step. The caller makes the first attempt.
     */
    public Verdict accept(CallbackRequest request) {
        return judge.judgeAndKeep(request);
    }

    /** Returns the first attempt to deliver what this inbox has accepted. */
    public Attempt firstAttempt(Verdict.Accepted accepted) {
        Callback callback = accepted.callback();
        return new Attempt(this, callback, accepted.claim().lease(), 1, Duration.ZERO, callback.receivedAt());
    }

    /**
     * Takes answers that are due, the longest due first. No other caller, on any node, gets the same ones. Their attempts are
     * counted before they are returned. An answer that this version cannot read becomes a dead letter.
     *
     * @param limit the most answers to take; at least 1
     * @return the attempts that the caller makes now
     * @throws CallbackStoreException if the store is unavailable; what it has taken nevertheless is returned by the next call,
     *     or due again when the lease is over
     */
    public synchronized List<Attempt> take(int limit) {
        long lease = lost ? lostLease : leases.next();
        lostLease = lease;
        lost = true;
        Instant start = clock.instant();
        List<DueAnswer> due = store.takeDue(lease, limit, settings.replay().lease());
        lost = false;
        List<Attempt> attempts = new ArrayList<>(due.size());
        for (DueAnswer answer : due) {
            try {
                Callback callback = KeptAnswer.read(answer.answer());
                attempts.add(new Attempt(this, callback, lease, answer.attempts(), answer.age(), start));
            } catch (IllegalArgumentException e) {
                buryUnread(answer, "the answer was not handed over, because " + e.getMessage());
            }
        }
        return attempts;
    }

    /** The others that were taken must be returned, so a failure is left to the next taking, after the lease. */
    private void buryUnread(DueAnswer answer, String reason) {
        try {
            bury(answer.key(), answer.lease(), answer.attempts(), reason);
        } catch (RuntimeException e) {
            LOG.debug("The unreadable answer of reference {} could not be buried", answer.key(), e);
        }
    }

    /** Reports whether another process could deliver what is kept, or this one after a restart. */
    public boolean outlivesProcess() {
        return store.outlivesProcess();
    }

    Instant now() {
        return clock.instant();
    }

    Instant leaseFrom(Instant start) {
        return start.plus(settings.replay().lease());
    }

    boolean renew(String reference, long lease) {
        return store.renew(reference, lease, settings.replay().lease()) == Renewal.HELD;
    }

    boolean settle(String reference, long lease, int attempts) {
        boolean settled = store.settle(reference, lease);
        if (settled) {
            notifier.tell(new CallbackEvent.Delivered(clock.instant(), reference, attempts));
            notifier.tell(new CallbackEvent.Settled(clock.instant(), reference));
        }
        return settled;
    }

    boolean retry(String reference, long lease, int attempts, Duration after, String reason) {
        boolean waits = store.retry(reference, lease, after);
        if (waits) {
            notifier.tell(new CallbackEvent.RetryScheduled(clock.instant(), reference, attempts, after, shown(reason)));
        }
        return waits;
    }

    boolean bury(String reference, long lease, int attempts, String reason) {
        Duration keep = settings.delivery().keepDead();
        boolean dead = store.bury(reference, lease, shown(reason), keep);
        if (dead) {
            notifier.tell(new CallbackEvent.Dead(clock.instant(), reference, attempts, keep, shown(reason)));
        }
        return dead;
    }

    boolean release(String reference, long lease) {
        return store.release(reference, lease);
    }

    /** Makes a reason fit for a line of a log: without control characters, and not longer than a store takes. */
    static String shown(String reason) {
        String oneLine = reason.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
        return oneLine.length() <= REASON_LENGTH ? oneLine : oneLine.substring(0, REASON_LENGTH - 1) + "…";
    }
}
