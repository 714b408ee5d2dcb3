package io.github.captchacallback.benchmarks.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Holds what a bare map remembers of a claim: no less than our store does, and without any rule. */
record Remembered(String taskId, boolean claimed, long lease, long leaseUntil, long expiresAt) {

    static final String TASK_ID = "70123456789";
    static final long LEASE_MILLIS = 30_000;

    /** What is left of the defaults, in which a token counts for 300 s and two clocks differ by 5. */
    static final long RETENTION_MILLIS = 306_000;

    static Remembered claimed(long lease, long now) {
        return new Remembered(TASK_ID, true, lease, now + LEASE_MILLIS, now + RETENTION_MILLIS);
    }

    Remembered released() {
        return new Remembered(taskId, false, 0, 0, expiresAt);
    }

    /** Makes a cache as our store has one, without what counts its entries. */
    static Caffeine<String, Remembered> likeOurs(InstantSource clock) {
        return Caffeine.newBuilder()
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(new AtExpiresAt());
    }

    /** Makes a cache as our store has one, with the same executor. */
    static ConcurrentMap<String, Remembered> inOurConfiguration(InstantSource clock) {
        return likeOurs(clock)
                .executor(Runnable::run)
                .<String, Remembered>build()
                .asMap();
    }

    private static final class AtExpiresAt implements Expiry<String, Remembered> {

        @Override
        public long expireAfterCreate(String key, Remembered entry, long now) {
            return Math.max(0, TimeUnit.MILLISECONDS.toNanos(entry.expiresAt()) - now);
        }

        @Override
        public long expireAfterUpdate(String key, Remembered entry, long now, long currentDuration) {
            return expireAfterCreate(key, entry, now);
        }

        @Override
        public long expireAfterRead(String key, Remembered entry, long now, long currentDuration) {
            return currentDuration;
        }
    }
}
