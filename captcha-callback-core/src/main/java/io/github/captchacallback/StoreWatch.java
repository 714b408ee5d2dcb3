package io.github.captchacallback;

import io.github.captchacallback.store.CallbackStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what is wrong with an available store, and compares its clock with this node's. The store is asked once a minute at
 * most, however often somebody watches. Safe for use by several threads.
 */
final class StoreWatch {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    /** What stays wrong is logged again after so long. */
    static final Duration LOGGED_AGAIN = Duration.ofHours(1);

    /** Clocks that are this close are never reported, whatever the settings allow: the answer of a store takes time. */
    private static final Duration PRECISION = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CallbackStore store;
    private final InstantSource clock;
    private final Duration clockSkew;

    private List<String> warnings = List.of();
    private @Nullable Instant lookedAt;
    private @Nullable Instant loggedAt;

    /**
     * Makes one that asks nothing yet.
     *
     * @param clock the time of this node
     * @param clockSkew how far the clocks may differ
     */
    StoreWatch(CallbackStore store, InstantSource clock, Duration clockSkew) {
        this.store = store;
        this.clock = clock;
        this.clockSkew = clockSkew.compareTo(PRECISION) < 0 ? PRECISION : clockSkew;
    }

    /** Looks again and again, and logs what is found. */
    void start(Later later) {
        later.run(INTERVAL, () -> {
            try {
                log(warnings());
            } catch (RuntimeException e) {
                LOG.debug("The store could not be asked what is wrong with it; it is asked again later", e);
            }
            start(later);
        });
    }

    /**
     * Returns what was found in the last minute, or looks anew.
     *
     * @throws RuntimeException if the store fails
     */
    synchronized List<String> warnings() {
        Instant now = clock.instant();
        if (isOver(lookedAt, INTERVAL, now)) {
            warnings = look();
            lookedAt = now;
        }
        return warnings;
    }

    private static boolean isOver(@Nullable Instant since, Duration duration, Instant now) {
        return since == null || Duration.between(since, now).abs().compareTo(duration) >= 0;
    }

    private List<String> look() {
        List<String> found = new ArrayList<>(store.warnings());
        Instant before = clock.instant();
        Instant there = store.time().orElse(null);
        if (there != null) {
            Instant after = clock.instant();
            Duration ahead = Duration.between(there, before);
            Duration behind = Duration.between(after, there);
            if (ahead.compareTo(clockSkew) > 0) {
                found.add(apart(ahead, "ahead of"));
            } else if (behind.compareTo(clockSkew) > 0) {
                found.add(apart(behind, "behind"));
            }
        }
        return List.copyOf(found);
    }

    private String apart(Duration difference, String direction) {
        return "This node's clock is " + difference.toSeconds() + " s " + direction
                + " the store's, and freshness.clock-skew is "
                + clockSkew.toSeconds()
                + " s. Callbacks may be refused as expired, or as issued in the future. Synchronize"
                + " the clocks of all nodes and of the store's server, by NTP";
    }

    private synchronized void log(List<String> found) {
        if (found.isEmpty()) {
            loggedAt = null;
            return;
        }
        Instant now = clock.instant();
        if (isOver(loggedAt, LOGGED_AGAIN, now)) {
            LOG.warn("The callback store is available, and something is wrong with it. {}", String.join(". ", found));
            loggedAt = now;
        }
    }
}
