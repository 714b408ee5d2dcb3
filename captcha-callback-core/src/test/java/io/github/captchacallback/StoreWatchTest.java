package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreWatchTest {

    private static final Duration SKEW = Duration.ofSeconds(5);

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final LaterByHand later = new LaterByHand(clock);
    private final StoreWatch watch = new StoreWatch(newStore(), clock, SKEW);

    private List<String> said = List.of();
    private @Nullable Instant there = Wire.NOW;
    private boolean available = true;
    private int asked;

    private CallbackStore newStore() {
        return (CallbackStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CallbackStore.class}, (proxy, method, arguments) -> {
                    if (!available) {
                        throw new CallbackStoreException("The store is unavailable");
                    }
                    return switch (method.getName()) {
                        case "warnings" -> {
                            asked++;
                            yield said;
                        }
                        case "time" -> Optional.ofNullable(there);
                        default -> throw new AssertionError(method);
                    };
                });
    }

    private void setServer(Duration ahead) {
        there = clock.instant().plus(ahead);
    }

    @ParameterizedTest
    @CsvSource({"30, 30 s behind", "-30, 30 s ahead of", "6, 6 s behind", "-6, 6 s ahead of"})
    void warningsWhenClocksAreApartByMoreThanTheSkewThenSaysHow(long seconds, String how) {
        setServer(Duration.ofSeconds(seconds));

        assertThat(watch.warnings()).singleElement().asString().contains(how, "freshness.clock-skew is 5 s", "NTP");
    }

    @ParameterizedTest
    @CsvSource({"0", "5", "-5"})
    void warningsWhenClocksAreApartByTheSkewThenNone(long seconds) {
        setServer(Duration.ofSeconds(seconds));

        assertThat(watch.warnings()).isEmpty();
    }

    @Test
    void warningsWhenNoSkewIsAllowedThenTheTimeOfAnAnswerIsNoDifference() {
        setServer(Duration.ofMillis(900));

        assertThat(new StoreWatch(newStore(), clock, Duration.ZERO).warnings()).isEmpty();
    }

    @Test
    void warningsWhenStoreHasNoClockOfItsOwnThenOnlyItsOwn() {
        there = null;
        said = List.of("It evicts keys");

        assertThat(watch.warnings()).containsExactly("It evicts keys");
    }

    @Test
    void warningsWhenAskedOftenThenStoreIsAskedOnceAMinute() {
        said = List.of("It evicts keys");
        watch.warnings();
        said = List.of();
        setServer(Duration.ofSeconds(60));
        clock.advance(StoreWatch.INTERVAL.minusMillis(1));
        assertThat(watch.warnings()).containsExactly("It evicts keys");
        clock.advance(Duration.ofMillis(1));
        assertThat(watch.warnings()).isEmpty();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void warningsWhenStoreIsUnavailableThenThrowsAndIsAskedAgain() {
        available = false;
        assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(watch::warnings);
        available = true;
        assertThat(watch.warnings()).isEmpty();
    }

    @Test
    void startThenLogsWhatStaysWrongOnceAnHour() {
        said = List.of("It evicts keys");
        there = null;
        watch.start(later);
        assertThat(lines(60)).isEqualTo(1);
        assertThat(lines(60)).isEqualTo(1);
        assertThat(later.delays()).containsExactly(StoreWatch.INTERVAL);
    }

    @Test
    void startWhenStoreIsUnavailableThenGoesOn() {
        available = false;
        there = null;
        watch.start(later);
        assertThat(lines(3)).isZero();
        available = true;
        said = List.of("It evicts keys");
        assertThat(lines(1)).isEqualTo(1);
    }

    /** Lets minutes pass, and counts the warnings that are logged meanwhile. */
    private long lines(int minutes) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < minutes; i++) {
                later.runNext();
            }
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("WARN") && line.contains("It evicts keys"))
                .count();
    }
}
