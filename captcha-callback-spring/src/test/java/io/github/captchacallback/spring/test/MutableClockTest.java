package io.github.captchacallback.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MutableClockTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final MutableClock clock = new MutableClock(NOON);

    @Test
    void instantThenStandsStillUntilMoved() {
        assertThat(clock.instant()).isEqualTo(NOON).isEqualTo(clock.instant());
        clock.advance(Duration.ofMinutes(5));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(300));
        clock.set(NOON);
        assertThat(clock.instant()).isEqualTo(NOON);
        assertThat(clock.millis()).isEqualTo(NOON.toEpochMilli());
        assertThat(clock).hasToString("MutableClock[2026-11-22T12:00:00Z]");
    }

    @Test
    void withZoneThenMovesAlong() {
        MutableClock inVienna = clock.withZone(ZoneId.of("Europe/Vienna"));
        clock.advance(Duration.ofMinutes(5));
        assertThat(inVienna.instant()).isEqualTo(NOON.plusSeconds(300));
        assertThat(inVienna.getZone()).isEqualTo(ZoneId.of("Europe/Vienna"));
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    }
}
