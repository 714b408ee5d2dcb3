package io.github.captchacallback.store;

import java.time.Duration;

/**
 * Represents a store whose expired entries have to be removed by someone. The core does so on a thread of its own, as long as
 * the {@code CaptchaCallbacks} that was built with the store is open. A store that makes room by itself does not implement
 * this.
 *
 * <p>Cleaning makes room, and nothing depends on it: an entry whose time is over is unknown to every step, whether it was
 * removed or not.
 */
public interface CleanableStore extends CallbackStore {

    /**
     * Returns how long after a cleaning the next one begins. The core varies it, so that nodes do not clean at the same moment.
     *
     * @return a positive duration
     */
    Duration cleaningInterval();

    /**
     * Removes expired entries, in small batches so that no other step waits for long.
     *
     * @param budget after which no further batch is begun; positive
     * @return how many were removed, and whether there are more
     * @throws CallbackStoreException if the store is unavailable; a deadlock with another step is no reason
     */
    Cleaning clean(Duration budget);

    /**
     * Represents the result of a cleaning.
     *
     * @param removed how many entries were removed
     * @param more whether the budget was used up before all were removed: clean again soon
     */
    record Cleaning(long removed, boolean more) {}
}
