package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.captchacallback.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaffeineCallbackStoreTest extends CallbackStoreContract {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T10:15:30Z"));

    @Override
    protected StoreFixture createFixture() {
        return new CaffeineFixture();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void constructorWhenCapacityIsLessThanOneThenThrows(long capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaffeineCallbackStore(clock, capacity))
                .withMessageContaining(Long.toString(capacity));
    }

    @Test
    void toStringThenShowsHowFullItIs() {
        CallbackStore small = new CaffeineCallbackStore(clock, 10);
        small.expect(KEY, null, Duration.ofMinutes(5));
        assertThat(small).hasToString("CaffeineCallbackStore[1 of 10]");
        small.abandon(KEY);
        assertThat(small).hasToString("CaffeineCallbackStore[0 of 10]");
    }

    /** Times that no calendar has must not overflow into the past, where an entry would be forgotten at once. */
    @Test
    void expectWhenKeptForCenturiesThenRemembered() {
        CallbackStore small = new CaffeineCallbackStore(clock, 10);
        small.expect(KEY, null, Duration.ofDays(365 * 8_000));
        assertThat(small.bind(KEY, "1")).isEqualTo(Binding.BOUND);
    }
}
