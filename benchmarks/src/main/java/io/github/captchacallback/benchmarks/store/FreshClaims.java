package io.github.captchacallback.benchmarks.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Claims keys that are not remembered, as where only one-time use is asked for. Each claim moves the clock on by a
 * millisecond, so that some 306,000 are remembered at any time and as many are forgotten as come.
 */
public final class FreshClaims {

    /** Moving the clock each time would make two threads wait for each other. */
    static final int BATCH = 1_000;

    private FreshClaims() {}

    /** Claims by one of several means. */
    @State(Scope.Benchmark)
    public abstract static class Means {

        final HandClock clock = new HandClock();

        int claimBatch(Keys keys) {
            clock.advance(BATCH);
            for (int i = 0; i < BATCH; i++) {
                if (!claim(keys)) {
                    throw new IllegalStateException("A claim of a fresh key was refused");
                }
            }
            return BATCH;
        }

        abstract boolean claim(Keys keys);
    }

    /** Claims in our store. */
    public static class OurStore extends Means {

        private static final Duration LEASE = Duration.ofMillis(Remembered.LEASE_MILLIS);
        static final Duration RETENTION = Duration.ofMillis(Remembered.RETENTION_MILLIS);

        private final CaffeineCallbackStore store = new CaffeineCallbackStore(clock, 10_000_000);

        @Override
        boolean claim(Keys keys) {
            String key = keys.next();
            return store.claimUnseen(request(key, key.hashCode())) instanceof ClaimOutcome.Claimed;
        }

        static ClaimRequest request(String key, long lease) {
            return new ClaimRequest(key, Remembered.TASK_ID, "", lease, LEASE, RETENTION);
        }
    }

    /** Puts into a cache with our store's configuration. */
    public static class BareCaffeine extends Means {

        private final ConcurrentMap<String, Remembered> entries = Remembered.inOurConfiguration(clock);

        @Override
        boolean claim(Keys keys) {
            String key = keys.next();
            return entries.putIfAbsent(key, Remembered.claimed(key.hashCode(), clock.millis())) == null;
        }
    }

    /** Puts into the same cache, which hands its maintenance to the common pool as {@link Caffeine} does by default. */
    public static class CaffeineWithDefaultExecutor extends Means {

        private final ConcurrentMap<String, Remembered> entries =
                Remembered.likeOurs(clock).<String, Remembered>build().asMap();

        @Override
        boolean claim(Keys keys) {
            String key = keys.next();
            return entries.putIfAbsent(key, Remembered.claimed(key.hashCode(), clock.millis())) == null;
        }
    }

    /** Puts into a map, and takes out the entry whose time is over, which no map does by itself. */
    public static class BareMap extends Means {

        private final ConcurrentMap<String, Remembered> entries = new ConcurrentHashMap<>();

        @Override
        boolean claim(Keys keys) {
            String key = keys.next();
            Remembered fresh = Remembered.claimed(key.hashCode(), clock.millis());
            Remembered winner = entries.compute(key, (same, known) -> known == null ? fresh : known);
            entries.remove(keys.expired());
            return winner.equals(fresh);
        }
    }
}
