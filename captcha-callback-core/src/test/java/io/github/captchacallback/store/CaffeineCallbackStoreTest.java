package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.captchacallback.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaffeineCallbackStoreTest extends CallbackStoreContract {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T10:15:30Z"));

    @Override
    protected CallbackStore createStore(InstantSource clock, long capacity) {
        return new CaffeineCallbackStore(clock, capacity);
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
        CallbackStore store = new CaffeineCallbackStore(clock, 10);
        store.expect("3q2-7wAAECAwQFBgcICQoL", null, Duration.ofMinutes(5));
        assertThat(store).hasToString("CaffeineCallbackStore[1 of 10]");
        store.abandon("3q2-7wAAECAwQFBgcICQoL");
        assertThat(store).hasToString("CaffeineCallbackStore[0 of 10]");
    }

    /** Times that no calendar has must not overflow into the past, where an entry would be forgotten at once. */
    @Test
    void expectWhenKeptForCenturiesThenRemembered() {
        CallbackStore store = new CaffeineCallbackStore(clock, 10);
        store.expect("3q2-7wAAECAwQFBgcICQoL", null, Duration.ofDays(365 * 8_000));
        assertThat(store.bind("3q2-7wAAECAwQFBgcICQoL", "1")).isEqualTo(Binding.BOUND);
    }
}
