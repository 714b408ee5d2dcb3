package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final Instant START = Instant.ofEpochSecond(1_793_000_000);
    private static final Duration HOLD = Duration.ofMinutes(10);
    private static final Duration TWO_HOURS = Duration.ofHours(2);

    private final MutableClock clock = new MutableClock(START);
    private final AtomicLong nanos = new AtomicLong();
    private final SteadyClock ofApplication = SteadyClock.of(clock, nanos::get, HOLD);
    private final SteadyClock ofSystem = SteadyClock.ofSystem(clock, nanos::get, HOLD);

    private void pass(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void millisThenThoseOfTheOtherClock() {
        for (SteadyClock steady : new SteadyClock[] {ofApplication, ofSystem}) {
            assertThat(steady.instant()).isEqualTo(clock.instant());
            pass(Duration.ofMillis(1_500));
            assertThat(steady.instant()).isEqualTo(clock.instant());
        }
    }

    // ---- a clock that goes back

    @Test
    void millisWhenTheClockGoesBackThenNotEarlierAndOnAtHalfTheTimersSpeedUntilItHasCaughtUp() {
        ofApplication.millis();
        clock.advance(Duration.ofMinutes(-2));
        assertThat(ofApplication.instant()).isEqualTo(START);
        pass(Duration.ofMinutes(1));
        assertThat(ofApplication.instant()).isEqualTo(START.plusSeconds(30));
        pass(Duration.ofMinutes(3));
        assertThat(ofApplication.instant()).isEqualTo(clock.instant()).isEqualTo(START.plusSeconds(120));
    }

    @Test
    void millisWhenTheClockStaysBackThenFollowedOnceEverythingHasExpiredByItToo() {
        ofApplication.millis();
        clock.advance(TWO_HOURS.negated());
        assertThat(ofApplication.instant()).isEqualTo(START);
        pass(HOLD.minusMillis(1));
        assertThat(ofApplication.instant()).isAfter(START);
        pass(Duration.ofMillis(1));
        assertThat(ofApplication.instant()).isEqualTo(clock.instant());
        pass(Duration.ofSeconds(5));
        assertThat(ofApplication.instant()).isEqualTo(clock.instant());
    }

    // ---- a clock that jumps ahead

    @Test
    void millisWhenTheSystemsClockIsAheadForAMomentThenNobodyNotices() {
        ofSystem.millis();
        clock.advance(TWO_HOURS);
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        assertThat(ofSystem.instant()).isEqualTo(START.plusMillis(5));
        clock.set(START.plusMillis(5));
        assertThat(ofSystem.instant()).isEqualTo(START.plusMillis(5));
        pass(Duration.ofHours(3));
        assertThat(ofSystem.instant()).isEqualTo(clock.instant());
    }

    @Test
    void millisWhenTheSystemsClockStaysAheadThenByTheTimerUntilThatIsConfirmed() {
        ofSystem.millis();
        clock.advance(TWO_HOURS);
        assertThat(ofSystem.instant()).isEqualTo(START);
        pass(SteadyClock.CONFIRMATION.minusMillis(1));
        assertThat(ofSystem.instant())
                .isEqualTo(START.plus(SteadyClock.CONFIRMATION).minusMillis(1));
        pass(Duration.ofMillis(1));
        assertThat(ofSystem.instant()).isEqualTo(clock.instant());
        pass(Duration.ofSeconds(1));
        assertThat(ofSystem.instant()).isEqualTo(clock.instant());
    }

    @Test
    void millisWhenTheSystemsClockIsCorrectedByLessThanTheToleranceThenFollowed() {
        ofSystem.millis();
        clock.advance(SteadyClock.TOLERANCE);
        assertThat(ofSystem.instant()).isEqualTo(START.plus(SteadyClock.TOLERANCE));
    }

    /** Timers drift, and a process that was idle for a day has judged nothing meanwhile. */
    @Test
    void millisWhenTheProcessWasIdleThenADriftIsNoJump() {
        ofSystem.millis();
        pass(Duration.ofDays(1));
        clock.advance(Duration.ofSeconds(30));
        assertThat(ofSystem.instant()).isEqualTo(clock.instant());
    }

    @Test
    void millisWhenAnApplicationMovesItsClockAheadThenFollowedAtOnce() {
        ofApplication.millis();
        clock.advance(TWO_HOURS);
        assertThat(ofApplication.instant()).isEqualTo(START.plus(TWO_HOURS));
    }

    /** Under load it is read many times a millisecond. */
    @Test
    void millisWhenTheSystemsClockStaysAheadThenTheTimeGoesOnHoweverOftenItIsRead() {
        ofSystem.millis();
        clock.advance(TWO_HOURS);
        ofSystem.millis();
        for (int i = 0; i < 5_000; i++) {
            nanos.addAndGet(Duration.ofNanos(200_000).toNanos());
            clock.set(START.plus(TWO_HOURS).plusNanos(nanos.get()));
            ofSystem.millis();
        }
        assertThat(ofSystem.instant()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void isSystemThenInAnyZoneAndNoOtherClock() {
        assertThat(SteadyClock.isSystem(InstantSource.system())).isTrue();
        assertThat(SteadyClock.isSystem(InstantSource.system().withZone(ZoneId.of("Asia/Tokyo"))))
                .isTrue();
        assertThat(SteadyClock.isSystem(clock)).isFalse();
        assertThat(SteadyClock.isSystem(new OneZoneClock())).isFalse();
        assertThat(SteadyClock.isSystem(InstantSource.offset(InstantSource.system(), Duration.ofHours(1))))
                .isFalse();
    }

    /** Clocks of applications often support one zone only. */
    private static final class OneZoneClock extends Clock {

        @Override
        public ZoneId getZone() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return START;
        }
    }
}
