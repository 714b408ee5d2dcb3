package io.github.captchacallback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Stands still until a test moves it, in either direction. Safe for use by several threads. */
public final class MutableClock implements InstantSource {

    private volatile Instant now;

    /** Makes a clock that stands at a time. */
    public MutableClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves the clock to a time, be it earlier or later. */
    public void set(Instant instant) {
        now = instant;
    }

    /** Moves the clock by so much; back, where that is negative. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }
}
