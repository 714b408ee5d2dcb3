package io.github.captchacallback.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Describes the store that an application has configured.
 *
 * <p><b>Security notes.</b> The settings may contain a password; {@link #toString()} shows only their keys.
 *
 * @param capacity the value of {@code store.capacity}: the most entries that are remembered at once; at least 1
 * @param timeout the value of {@code store.timeout}: how long one step may take at most, with all its attempts
 * @param unseenAllowed whether callbacks are claimed that were never expected: {@code pending.enabled} is false. A store that forgets
 *     a key early then lets a used callback be accepted again
 * @param clock the time of this process, for a store without a clock of its own
 * @param settings the settings {@code store.*} that were written, by their keys without {@code store.}
 */
public record StoreContext(
        long capacity, Duration timeout, boolean unseenAllowed, InstantSource clock, Map<String, String> settings) {

    /** Copies the map. */
    public StoreContext {
        settings = Map.copyOf(settings);
    }

    /** Returns the capacity and the keys of the settings. */
    @Override
    public String toString() {
        return "StoreContext[capacity " + capacity + ", settings " + settings.keySet() + "]";
    }
}
