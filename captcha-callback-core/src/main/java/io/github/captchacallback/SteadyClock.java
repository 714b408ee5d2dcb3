package io.github.captchacallback;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads a clock that never goes back: where the other one does, this one stands still until it has caught up. An expired
 * token so stays expired, whatever a time server corrects. Counts in milliseconds.
 */
final class SteadyClock implements InstantSource {

    private final InstantSource clock;
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

    SteadyClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        long now = clock.millis();
        long seen = latest.get();
        if (now > seen) {
            return latest.accumulateAndGet(now, Math::max);
        }
        return seen;
    }
}
