package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final Instant START = Instant.ofEpochSecond(1_793_000_000);

    private final MutableClock clock = new MutableClock(START);
    private final AtomicLong nanos = new AtomicLong();
    private final SteadyClock steady = new SteadyClock(clock, nanos::get);

    private void pass(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void millisThenThoseOfTheOtherClock() {
        assertThat(steady.instant()).isEqualTo(START);
        pass(Duration.ofMillis(1_500));
        assertThat(steady.instant()).isEqualTo(START.plusMillis(1_500));
    }

    @Test
    void millisWhenTheOtherStepsBackThenNeverEarlier() {
        steady.millis();
        clock.advance(Duration.ofHours(-1));
        assertThat(steady.instant()).isEqualTo(START);
    }

    @Test
    void millisWhenTheOtherStepsBackThenGoesOnAtHalfSpeedUntilItHasCaughtUp() {
        clock.advance(Duration.ofHours(1));
        steady.millis();
        clock.advance(Duration.ofHours(-1));
        assertThat(steady.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
        pass(Duration.ofMinutes(30));
        assertThat(steady.instant()).isEqualTo(START.plus(Duration.ofMinutes(75)));
        pass(Duration.ofMinutes(40));
        assertThat(steady.instant()).isEqualTo(START.plus(Duration.ofMinutes(95)));
        pass(Duration.ofMinutes(26));
        assertThat(steady.instant()).isEqualTo(clock.instant()).isEqualTo(START.plus(Duration.ofMinutes(96)));
    }
}
