package io.github.captchacallback.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.MutableClock;
import io.github.captchacallback.TestRequest;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.Wire;
import io.github.captchacallback.http.Refusal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what happens if the clocks of two nodes are further apart than a lease lasts: the database's clock decides. */
class ClocksApartTest {

    private static CaptchaCallbacks node(Duration ahead) {
        return Wire.builder(new MutableClock(Instant.now().plus(ahead)))
                .set("freshness.clock-skew", "60s")
                .set("replay.lease", "20s")
                .store(JdbcCallbackStore.builder(H2Database.dataSource()).open())
                .build();
    }

    @ParameterizedTest
    @ValueSource(longs = {30, -30})
    void verifyWhenClocksOfNodesAreApartThenOneHoldsTheClaim(long seconds) {
        try (CaptchaCallbacks exact = node(Duration.ZERO);
                CaptchaCallbacks other = node(Duration.ofSeconds(seconds))) {
            TestRequest callback = Wire.callback(exact.issue().url());

            assertThat(exact.verify(callback)).isInstanceOf(Verdict.Accepted.class);

            assertThat(other.verify(callback))
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.IN_PROGRESS));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {30, -30})
    void warningsWhenClockIsApartFromTheDatabasesThenSaysSo(long seconds) {
        try (JdbcCallbackStore store =
                        JdbcCallbackStore.builder(H2Database.dataSource()).open();
                CaptchaCallbacks exact = Wire.builder(new MutableClock(Instant.now()))
                        .store(store)
                        .build();
                CaptchaCallbacks other = Wire.builder(
                                new MutableClock(Instant.now().plusSeconds(seconds)))
                        .store(store)
                        .build()) {
            assertThat(exact.store().warnings()).isEmpty();
            assertThat(other.store().warnings())
                    .singleElement()
                    .asString()
                    .containsPattern("clock is (29|3\\d) s " + (seconds > 0 ? "ahead of" : "behind") + " the store's");
        }
    }
}
