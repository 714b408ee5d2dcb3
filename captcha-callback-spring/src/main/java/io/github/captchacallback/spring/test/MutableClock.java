package io.github.captchacallback.spring.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Stands still until a test moves it. Defined as a bean, it is the clock of the auto-configured callbacks as well. Safe for
 * use by several threads.
 */
public final class MutableClock extends Clock {

    private final Now now;
    private final ZoneId zone;

    /** Holds the time that the clocks of several zones share. */
    private static final class Now {

        private volatile Instant instant;

        Now(Instant instant) {
            this.instant = instant;
        }

        synchronized void advance(Duration duration) {
            instant = instant.plus(duration);
        }
    }

    private MutableClock(Now now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** Makes a clock that stands at a time, in UTC. */
    public MutableClock(Instant instant) {
        this(new Now(instant), ZoneOffset.UTC);
    }

    /** Moves the clock to a time. Callbacks take a clock that goes back to stand still. */
    public void set(Instant instant) {
        now.instant = instant;
    }

    /** Moves the clock by so much. */
    public void advance(Duration duration) {
        now.advance(duration);
    }

    @Override
    public Instant instant() {
        return now.instant;
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Returns a clock of another zone, which moves with this one. */
    @Override
    public MutableClock withZone(ZoneId otherZone) {
        return new MutableClock(now, otherZone);
    }

    /** Returns the time that the clock shows. */
    @Override
    public String toString() {
        return "MutableClock[" + now.instant + "]";
    }
}
