package io.github.captchacallback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a clock, and keeps its jumps from doing harm: an expired token stays expired, and a moment of wrong time passes
 * unnoticed. Counts in milliseconds. Safe for use by several threads.
 *
 * <ul>
 *   <li>The system's clock is compared with the machine's timer. If it jumps ahead, this clock goes on by the timer until the
 *       jump has lasted for {@link #CONFIRMATION}, and then follows.
 *   <li>If a clock goes back, this one goes on at half the speed of the timer until the other has caught up, but for no longer
 *       than the hold: by then every token that was issued before the correction has expired by the other clock as well. A token
 *       with a time from before the correction that lies in the future then is protected by the store only, which has
 *       forgotten that it was expected.
 * </ul>
 */
final class SteadyClock implements InstantSource {

    /** How long a jump ahead must last to be believed. */
    static final Duration CONFIRMATION = Duration.ofSeconds(10);

    /** The greatest difference from the timer that is no jump. */
    static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** Two timers may drift apart by one part of this many, so that a process that was idle for a day has seen no jump. */
    private static final long DRIFT = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Duration hold;

    /** Whether a jump ahead has to be confirmed. An application's own clock is believed at once. */
    private final boolean confirms;

    private volatile long latest = Long.MIN_VALUE;

    /** What the timer showed when the latest time was read. */
    private long latestNanos;

    /** When the other clock was seen to be ahead; null if it is not. */
    private @Nullable Jump ahead;

    /** When the other clock was seen to go back; null if it has not. */
    private @Nullable Jump back;

    /**
     * A jump of the clock, as this clock has seen it.
     *
     * @param millis the time that this clock showed
     * @param nanos what the timer showed
     */
    private record Jump(long millis, long nanos) {}

    private SteadyClock(InstantSource clock, LongSupplier nanoTime, Duration hold, boolean confirms) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.hold = hold;
        this.confirms = confirms;
    }

    /**
     * Returns the system's time.
     *
     * @param hold how long it goes on before it follows a clock that has gone back
     */
    static SteadyClock ofSystem(Duration hold) {
        return ofSystem(InstantSource.system(), System::nanoTime, hold);
    }

    static SteadyClock ofSystem(InstantSource clock, LongSupplier nanoTime, Duration hold) {
        return new SteadyClock(clock, nanoTime, hold, true);
    }

    /** Returns the time of a clock of the application's own, which may be moved ahead at will unless it is the system's. */
    static SteadyClock of(InstantSource clock, Duration hold) {
        return new SteadyClock(clock, System::nanoTime, hold, isSystem(clock));
    }

    /** Many applications have a bean that is the system's clock in some time zone. No method of a clock is needed to tell. */
    static boolean isSystem(InstantSource clock) {
        InstantSource system = InstantSource.system();
        return clock.getClass() == system.getClass()
                || clock.getClass() == system.withZone(ZoneOffset.UTC).getClass();
    }

    static SteadyClock of(InstantSource clock, LongSupplier nanoTime, Duration hold) {
        return new SteadyClock(clock, nanoTime, hold, false);
    }

    /** Returns the time of another clock, with the same hold. */
    SteadyClock with(InstantSource other) {
        return of(other, nanoTime, hold);
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
        long nanos = nanoTime.getAsLong();
        long time = latest == Long.MIN_VALUE ? now : next(now, nanos);
        latest = time;
        latestNanos = nanos;
        return time;
    }

    private long next(long now, long nanos) {
        if (now < latest) {
            return afterStepBack(now, nanos);
        }
        back = null;
        long elapsed = Duration.ofNanos(nanos - latestNanos).toMillis();
        long byTimer = ahead == null ? latest + elapsed : ahead.millis() + millisSince(ahead, nanos);
        if (!confirms || now - byTimer <= TOLERANCE.toMillis() + elapsed / DRIFT) {
            endJumpAhead();
            return now;
        }
        return afterJumpAhead(now, nanos, byTimer);
    }

    private void endJumpAhead() {
        if (ahead != null) {
            LOG.warn("The system's clock was ahead for a moment. Nothing was judged by that time");
            ahead = null;
        }
    }

    private long afterJumpAhead(long now, long nanos, long byTimer) {
        if (ahead == null) {
            ahead = new Jump(byTimer, nanos);
            LOG.warn(
                    "The system's clock jumped ahead by {} s. It is followed if that lasts for {} s",
                    Duration.ofMillis(now - byTimer).toSeconds(),
                    CONFIRMATION.toSeconds());
        }
        if (nanos - ahead.nanos() < CONFIRMATION.toNanos()) {
            return Math.max(latest, byTimer);
        }
        LOG.warn("The system's clock stayed ahead, and is followed: callbacks that are under way may have expired");
        ahead = null;
        return now;
    }

    private long afterStepBack(long now, long nanos) {
        endJumpAhead();
        if (back == null) {
            back = new Jump(latest, nanos);
            if (latest - now > TOLERANCE.toMillis()) {
                LOG.warn(
                        "The clock went back by {} s. It is not followed before all callbacks that were judged by the time before"
                                + " have expired, so that none is accepted again",
                        Duration.ofMillis(latest - now).toSeconds());
            }
        }
        long since = millisSince(back, nanos);
        if (since >= hold.toMillis()) {
            LOG.warn("The clock is followed to the earlier time");
            back = null;
            return now;
        }
        return Math.max(latest, back.millis() + since / 2);
    }

    private static long millisSince(Jump jump, long nanos) {
        return Duration.ofNanos(nanos - jump.nanos()).toMillis();
    }
}
