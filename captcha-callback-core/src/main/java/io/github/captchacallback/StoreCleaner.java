package io.github.captchacallback;

import io.github.captchacallback.store.CleanableStore;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a store remove its expired entries again and again. A cleaning that fails is repeated at the next time; it disturbs no
 * callback, since expiry does not depend on it.
 */
final class StoreCleaner {

    /** After this time a cleaning ends, and goes on a little later, so that other tasks get their turn. */
    static final Duration BUDGET = Duration.ofSeconds(1);

    static final Duration PAUSE = Duration.ofMillis(200);

    /** A single failure is usual: a deadlock with a callback, or a database that restarts. */
    static final int FAILURES_BEFORE_WARNING = 3;

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CleanableStore store;
    private final Later later;
    private final DoubleSupplier random;
    private int failures;

    /**
     * Makes one that does nothing before {@link #start}.
     *
     * @param random numbers from 0 to 1, which keep nodes from cleaning at the same moment
     */
    StoreCleaner(CleanableStore store, Later later, DoubleSupplier random) {
        this.store = store;
        this.later = later;
        this.random = random;
    }

    void start() {
        later.run(nextTime(), this::clean);
    }

    private void clean() {
        later.run(cleaned() ? PAUSE : nextTime(), this::clean);
    }

    /** Cleans, and reports whether there is more to remove. */
    private boolean cleaned() {
        try {
            CleanableStore.Cleaning cleaning = store.clean(BUDGET);
            failures = 0;
            LOG.debug("Removed {} expired references from the store", cleaning.removed());
            return cleaning.more();
        } catch (RuntimeException e) {
            failures++;
            if (failures == FAILURES_BEFORE_WARNING) {
                LOG.warn(
                        "Expired references could not be removed from the store {} times in a row, so it grows. Callbacks are judged"
                                + " as before. Check the store and the rights of its user",
                        failures,
                        e);
            } else {
                LOG.debug("Expired references could not be removed from the store; tried again later", e);
            }
            return false;
        }
    }

    /** Returns the store's interval, shorter or longer by up to a quarter. */
    private Duration nextTime() {
        double factor = 0.75 + random.getAsDouble() / 2;
        return Duration.ofMillis(Math.max(1, Math.round(store.cleaningInterval().toMillis() * factor)));
    }
}
