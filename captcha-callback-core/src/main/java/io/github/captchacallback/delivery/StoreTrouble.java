package io.github.captchacallback.delivery;

import io.github.captchacallback.CaptchaCallbacks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failures of the store in a row: says the first and then each sixtieth, and lets the next rounds pass. Safe for use by
 * several threads.
 */
final class StoreTrouble {

    static final int LOGGED_EACH = 60;
    static final int MOST_ROUNDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private int failures;
    private int roundsToPass;

    /** Notes a failure. */
    synchronized void failed(String what, RuntimeException failure) {
        if (failures % LOGGED_EACH == 0) {
            LOG.warn(
                    "The store failed, so {}. Nothing is lost: it is tried again until the store answers. Check that the store is"
                            + " available, and answers in time. It says: {}",
                    what,
                    failure.toString());
        } else {
            LOG.debug("The store failed again, so {}", what, failure);
        }
        failures++;
        roundsToPass = Math.min(failures, MOST_ROUNDS);
    }

    /** Notes that the store has answered. */
    synchronized void over() {
        if (failures > 0) {
            LOG.info("The store answers again, after {} failures", failures);
        }
        failures = 0;
        roundsToPass = 0;
    }

    /** Reports whether this round passes without asking the store. */
    synchronized boolean passes() {
        if (roundsToPass == 0) {
            return false;
        }
        roundsToPass--;
        return roundsToPass > 0;
    }
}
