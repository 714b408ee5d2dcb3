package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CaffeineCallbackInboxTest extends CallbackInboxContract {

    private static final Duration KEEP = Duration.ofHours(1);

    @Override
    protected StoreFixture createFixture() {
        return new CaffeineFixture();
    }

    private CaffeineCallbackStore caffeine() {
        return (CaffeineCallbackStore) store;
    }

    private long accepted() {
        Attempt attempt = attempt().unseen();
        assertThat(attempt.accept("the answer", KEEP)).isEqualTo(Result.CLAIMED);
        assertThat(caffeine().keptKeys().isEmpty()).isFalse();
        return attempt.lease();
    }

    /** A key that stayed behind would be memory that is never freed. */
    @Test
    void settleWhenLeaseWasRenewedThenNoKeyStaysBehind() {
        long lease = accepted();
        advance(Duration.ofSeconds(10));
        caffeine().renew(KEY, lease, LEASE);
        caffeine().settle(KEY, lease);
        assertThat(caffeine().keptKeys().isEmpty()).isTrue();
    }

    @Test
    void occupancyWhenKeptAnswersHaveExpiredThenNoKeyStaysBehind() {
        accepted();
        advance(KEEP.plus(CLEANING));
        caffeine().occupancy();
        assertThat(caffeine().keptKeys().isEmpty()).isTrue();

        long lease = accepted();
        caffeine().bury(KEY, lease, "six attempts failed", KEEP);
        advance(KEEP.plus(CLEANING));
        caffeine().occupancy();
        assertThat(caffeine().keptKeys().isEmpty()).isTrue();
    }

    @Test
    void closeThenNoKeyStaysBehind() {
        accepted();
        caffeine().close();
        assertThat(caffeine().keptKeys().isEmpty()).isTrue();
    }
}
