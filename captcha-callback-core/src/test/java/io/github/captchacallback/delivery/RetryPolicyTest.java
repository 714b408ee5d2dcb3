package io.github.captchacallback.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.DeliverySettings;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Duration WITHIN = Duration.ofMinutes(10);

    private static RetryPolicy policy(double random) {
        return new RetryPolicy(new DeliverySettings(9, WITHIN, Duration.ofDays(7)), () -> random);
    }

    @Test
    void afterThenTheDelaysGrowAndTheLastOneStays() {
        RetryPolicy policy = policy(0);
        assertThat(IntStream.rangeClosed(1, 8)
                        .mapToObj(number -> policy.after(number, Duration.ZERO)
                                .orElseThrow()
                                .toSeconds()))
                .containsExactly(1L, 2L, 5L, 10L, 20L, 30L, 30L, 30L);
        assertThat(policy.after(9, Duration.ZERO)).isEmpty();
        assertThat(policy.after(1_000, Duration.ZERO)).isEmpty();
    }

    @Test
    void afterThenJitterMakesADelayLongerAndNeverShorter() {
        assertThat(policy(1).after(4, Duration.ZERO)).contains(Duration.ofMillis(12_500));
        assertThat(policy(0.5).after(4, Duration.ZERO)).contains(Duration.ofMillis(11_250));
    }

    @Test
    void afterWhenTheNextAttemptWouldBeginTooLateThenNone() {
        assertThat(policy(0).after(1, WITHIN.minusSeconds(1))).contains(Duration.ofSeconds(1));
        assertThat(policy(0).after(1, WITHIN.minusMillis(999))).isEmpty();
    }

    @Test
    void allowsThenOneAttemptMoreThanAllowedDoesNotBegin() {
        assertThat(policy(0).allows(9)).isTrue();
        assertThat(policy(0).allows(10)).isFalse();
    }
}
