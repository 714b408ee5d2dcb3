package io.github.captchacallback.store;

import io.github.captchacallback.MutableClock;
import java.time.Duration;
import java.time.Instant;

/** Opens a store in memory, whose clock a test moves. */
final class CaffeineFixture implements StoreFixture {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T10:15:30.250Z"));

    @Override
    public CallbackStore open(long capacity) {
        return new CaffeineCallbackStore(clock, capacity);
    }

    @Override
    public void advance(Duration duration) {
        clock.advance(duration);
    }
}
