package io.github.captchacallback;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the right to handle one callback, for as long as its lease runs. Safe for use by several threads; settling and
 * releasing again changes nothing.
 */
public final class Claim {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.class);
    private static final int NOT_FOUND = 404;

    private final Held held;
    private final String key;
    private final long lease;

    /** Whether a claim that the store knows nothing of was ended. */
    private final AtomicBoolean ended = new AtomicBoolean();

    Claim(Held held, String key, long lease) {
        this.held = held;
        this.key = key;
        this.lease = lease;
    }

    /**
     * Holds what every claim of one {@link CaptchaCallbacks} has in common.
     *
     * @param oneTime whether a claim excludes others; where it does not, there is nothing to end in the store
     * @param duration how long a lease runs
     */
    record Held(CallbackStore store, boolean oneTime, Duration duration, InstantSource clock, Notifier notifier) {}

    /**
     * Ends the claim for good: the application has the answer.
     *
     * @return false where the claim was ended before, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach; the lease then runs out, and the callback may come
     *     again
     */
    public boolean settle() {
        boolean settled = held.oneTime() ? held.store().settle(key, lease) : !ended.getAndSet(true);
        if (settled) {
            held.notifier().tell(new CallbackEvent.Settled(held.clock().instant(), key));
        }
        return settled;
    }

    /**
     * Gives the claim back: the application failed, and the callback may come again.
     *
     * @return false where the claim was ended before, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach; the lease then runs out, which comes to the same
     */
    public boolean release() {
        boolean released = held.oneTime() ? held.store().release(key, lease) : !ended.getAndSet(true);
        if (released) {
            held.notifier().tell(new CallbackEvent.Released(held.clock().instant(), key));
        }
        return released;
    }

    /**
     * Ends the claim by how the application has answered the request: below 500 it has the answer, and the claim is
     * settled; from 500 on it has failed, and the claim is released. An application that has nothing at the callback path
     * is told so by a warning in the log, since its answers are lost.
     *
     * @param status the status code of the application's answer
     * @return what {@link #settle()} or {@link #release()} returns
     * @throws CallbackStoreException where the store is out of reach
     */
    public boolean answered(int status) {
        if (status == NOT_FOUND) {
            LOG.warn(
                    "The application has answered the callback of reference {} with 404, and its answer is lost: map an"
                            + " endpoint to the path of captcha.callback.public-url, or have a CallbackHandler",
                    key);
        }
        return status < 500 ? settle() : release();
    }

    /**
     * Starts the lease anew, before work that begins late.
     *
     * @return false where the claim was ended before, or its lease was over and another has claimed: the caller then must
     *     not handle the callback
     * @throws CallbackStoreException where the store is out of reach
     */
    public boolean renew() {
        return held.oneTime()
                ? held.store().renew(key, lease, held.clock().instant().plus(held.duration()))
                : !ended.get();
    }

    /** Returns the reference alone. */
    @Override
    public String toString() {
        return "Claim[" + key + "]";
    }
}
