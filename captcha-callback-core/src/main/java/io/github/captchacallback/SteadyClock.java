package io.github.captchacallback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a clock that never goes back, so that an expired token stays expired, whatever a time server corrects. Where the
 * other clock steps back, this one goes on at half the speed of the machine's timer until the other has caught up: leases
 * end and entries are forgotten all the same. Counts in milliseconds. Safe for use by several threads.
 */
final class SteadyClock implements InstantSource {

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private volatile long latest = Long.MIN_VALUE;

    /** When the other clock was seen to step back; null while it has not. */
    private @Nullable StepBack stepBack;

    private record StepBack(long millis, long nanos) {}

    SteadyClock(InstantSource clock) {
        this(clock, System::nanoTime);
    }

    SteadyClock(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        long now = clock.millis();
        // Under load most calls fall into the millisecond of the one before, and need no lock.
        return now == latest ? now : advance();
    }

    private synchronized long advance() {
        long now = clock.millis();
        if (now >= latest) {
            stepBack = null;
            latest = now;
            return now;
        }
        if (stepBack == null) {
            stepBack = new StepBack(latest, nanoTime.getAsLong());
        }
        long elapsed = Duration.ofNanos(nanoTime.getAsLong() - stepBack.nanos()).toMillis();
        latest = Math.max(latest, stepBack.millis() + elapsed / 2);
        return latest;
    }
}
