package io.github.captchacallback;

import io.github.captchacallback.store.CallbackStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases claims of which nobody knows whether they were made, because the store did not answer. Without that, the service's
 * next attempt would meet a claim that nobody works on. Safe for use by several threads.
 */
final class UnclearClaims {

    /** The most claims that wait to be released; for the rest, the lease runs out. */
    static final int MOST = 1_000;

    static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CallbackStore store;
    private final Later later;
    private final InstantSource clock;
    private final LogBudget lines = new LogBudget(LOG, "unclear claims", LoggingListener.LINES_PER_INTERVAL);
    private final AtomicInteger waiting = new AtomicInteger();

    UnclearClaims(CallbackStore store, Later later, InstantSource clock) {
        this.store = store;
        this.later = later;
        this.clock = clock;
    }

    /** Releases a claim as soon as the store can be asked, unless its lease is over before. */
    void release(String reference, long lease, Duration leaseFor) {
        boolean room = waiting.incrementAndGet() <= MOST;
        if (lines.allows(clock.instant())) {
            LOG.warn(
                    "The store failed while the callback of reference {} was claimed, so the claim is unclear. The callback was"
                            + " answered 503, and the service has to send it again. {}. Check the store: whether it is available,"
                            + " and answers in time",
                    reference,
                    room
                            ? "The claim is released once the store answers"
                            : "Too many claims wait to be released: this one ends with its lease, in "
                                    + leaseFor.toSeconds() + " s");
        }
        if (room) {
            tryLater(reference, lease, clock.instant().plus(leaseFor), FIRST_DELAY);
        } else {
            waiting.decrementAndGet();
        }
    }

    private void tryLater(String reference, long lease, Instant leaseEnds, Duration delay) {
        later.run(delay, () -> {
            Duration doubled = delay.multipliedBy(2);
            Duration next = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
            if (isReleased(reference, lease) || clock.instant().plus(next).isAfter(leaseEnds)) {
                waiting.decrementAndGet();
            } else {
                tryLater(reference, lease, leaseEnds, next);
            }
        });
    }

    /**
     * Reports whether the claim was made and is released now. If it was not made, the request for it may still be on its way, so
     * that is no end.
     */
    private boolean isReleased(String reference, long lease) {
        try {
            return store.release(reference, lease);
        } catch (RuntimeException e) {
            LOG.debug("The unclear claim of reference {} could not be released; tried again later", reference, e);
            return false;
        }
    }
}
