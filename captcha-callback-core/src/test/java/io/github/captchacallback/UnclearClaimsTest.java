package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class UnclearClaimsTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 10));
    private final LaterByHand later = new LaterByHand(clock);
    private final UnclearClaims unclear = new UnclearClaims(store, later, clock);

    private ClaimOutcome claim(long lease) {
        return store.claimUnseen(
                new ClaimRequest(Wire.REFERENCE, "70123456789", "", lease, LEASE, Duration.ofMinutes(5)));
    }

    @Test
    void releaseWhenStoreAnswersAgainThenClaimIsFree() {
        claim(7);
        store.fail();
        unclear.release(Wire.REFERENCE, 7, LEASE);
        later.runNext();
        later.runNext();
        store.recover();
        assertThat(claim(8)).isInstanceOf(ClaimOutcome.InProgress.class);
        later.runNext();
        assertThat(claim(8)).isInstanceOf(ClaimOutcome.Claimed.class);
        assertThat(later.delays()).isEmpty();
    }

    /** The request for the claim was on its way when the first release was answered. */
    @Test
    void releaseWhenClaimArrivesLateThenReleasedAllTheSame() {
        unclear.release(Wire.REFERENCE, 7, LEASE);
        later.runNext();
        claim(7);
        later.runNext();
        assertThat(claim(8)).isInstanceOf(ClaimOutcome.Claimed.class);
    }

    @Test
    void releaseWhenStoreStaysUnavailableThenTriedLessOftenUntilTheLeaseIsOver() {
        store.fail();
        unclear.release(Wire.REFERENCE, 7, LEASE);
        for (long seconds : new long[] {1, 2, 4, 5, 5, 5, 5}) {
            assertThat(later.delays()).containsExactly(Duration.ofSeconds(seconds));
            later.runNext();
        }
        assertThat(later.delays()).isEmpty();
        assertThat(clock.instant()).isBeforeOrEqualTo(Wire.NOW.plus(LEASE));
    }

    @Test
    void releaseWhenTooManyWaitThenTheRestIsLeftToTheLease() {
        store.fail();
        for (int i = 0; i < UnclearClaims.MOST + 10; i++) {
            unclear.release(Wire.REFERENCE, i, LEASE);
        }
        assertThat(later.delays()).hasSize(UnclearClaims.MOST);
        store.recover();
        claim(0);
        later.runNext();
        assertThat(later.delays()).hasSize(UnclearClaims.MOST - 1);
        unclear.release(Wire.REFERENCE, 5, LEASE);
        unclear.release(Wire.REFERENCE, 6, LEASE);
        assertThat(later.delays()).hasSize(UnclearClaims.MOST);
        assertThat(Collections.frequency(store.calls(), "release")).isEqualTo(1);
    }
}
