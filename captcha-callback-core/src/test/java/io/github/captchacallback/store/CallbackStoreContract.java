package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.captchacallback.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what {@link CallbackStore} promises of every store. */
public abstract class CallbackStoreContract extends StoreContract {

    /** Makes the test of a store. */
    protected CallbackStoreContract() {}

    // ---- expect

    @ParameterizedTest
    @EnumSource(State.class)
    void expectWhenKeyIsKnownThenThrows(State state) {
        bring(state);
        assertThatIllegalStateException().isThrownBy(() -> store.expect(KEY, OTHER_ID, TTL));
    }

    @Test
    void expectWhenKeyIsKnownThenFirstExpectationStands() {
        store.expect(KEY, ID, TTL);
        assertThatIllegalStateException().isThrownBy(() -> store.expect(KEY, OTHER_ID, TTL.plus(TTL)));
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
        advanceTo(TTL);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void expectWhenKeyHasExpiredThenExpectsAnew() {
        store.expect(KEY, ID, TTL);
        advanceTo(TTL);
        expect(KEY, OTHER_ID);
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void expectWhenKeyWasAbandonedThenExpectsAnew() {
        expect(KEY, ID);
        store.abandon(KEY);
        expect(KEY, OTHER_ID);
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.CLAIMED);
    }

    // ---- bind

    @Test
    void bindWhenExpectedThenOnlyThatIdIsClaimed() {
        expect();
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void bindWhenSameIdIsBoundThenChangesNothing(State state) {
        bring(state);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
        assertThat(attempt().claim()).isEqualTo(state.next());
    }

    @ParameterizedTest
    @EnumSource(value = State.class, mode = EnumSource.Mode.EXCLUDE, names = "EXPECTED")
    void bindWhenAnotherIdIsBoundThenConflictAndFirstIdStays(State state) {
        bring(state);
        assertThat(store.bind(KEY, OTHER_ID)).isEqualTo(Binding.CONFLICT);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void bindWhenExpectedWithItsIdThenThatIdIsTheBoundOne() {
        expect(KEY, ID);
        assertThat(store.bind(KEY, OTHER_ID)).isEqualTo(Binding.CONFLICT);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
    }

    @Test
    void bindWhenNeverExpectedThenUnknownAndNothingIsRecorded() {
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.UNKNOWN);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
        assertThatNoException().isThrownBy(() -> expect(KEY, OTHER_ID));
    }

    @Test
    void bindWhenExpiredThenUnknown() {
        expect();
        advance(TTL);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.UNKNOWN);
    }

    @Test
    void bindWhenAbandonedThenUnknown() {
        expect();
        store.abandon(KEY);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.UNKNOWN);
    }

    @Test
    void bindWhenClaimedThenClaimIsStillHeld() {
        expect();
        long lease = claimed();
        store.bind(KEY, ID);
        assertThat(store.settle(KEY, lease)).isTrue();
    }

    @Test
    void bindThenLifeIsNotProlonged() {
        expect();
        advanceToJustBefore(TTL);
        store.bind(KEY, ID);
        advance(margin());
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    // ---- claim

    @Test
    void claimWhenNeverExpectedThenUnknownAndNothingIsRecorded() {
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
        assertThatNoException().isThrownBy(() -> expect(KEY, OTHER_ID));
    }

    @Test
    void claimWhenExpectedWithItsIdThenClaimed() {
        expect(KEY, ID);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenNoIdIsBoundThenBindsItsOwn() {
        expect();
        claimed();
        assertThat(store.bind(KEY, OTHER_ID)).isEqualTo(Binding.CONFLICT);
        assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
    }

    @ParameterizedTest
    @EnumSource(value = State.class, mode = EnumSource.Mode.EXCLUDE, names = "EXPECTED")
    void claimWhenAnotherIdIsBoundThenUnknown(State state) {
        bring(state);
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().taskId(OTHER_ID).fingerprint("other").claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void claimWhenClaimedThenInProgress() {
        bring(State.CLAIMED);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(attempt().fingerprint("other").claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
    }

    @Test
    void claimWhenSettledThenRepeatIsToldByItsFingerprint() {
        bring(State.SETTLED);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
        assertThat(attempt().fingerprint("other").claim()).isEqualTo(Result.SETTLED_BY_ANOTHER);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void claimWhenInProgressThenRestOfTheLeaseIsTold() {
        expect();
        claimed();
        advance(Duration.ofSeconds(12));
        assertThat(attempt().outcome())
                .isInstanceOfSatisfying(
                        ClaimOutcome.InProgress.class,
                        inProgress -> assertThat(inProgress.remaining())
                                .isLessThanOrEqualTo(LEASE.minusSeconds(12))
                                .isGreaterThan(LEASE.minusSeconds(12).minus(margin())));
    }

    // ---- the same claim again

    @Test
    void claimWhenAskedAgainUnderItsLeaseThenItIsTheSameClaim() {
        expect();
        Attempt attempt = attempt();
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, attempt.lease())).isTrue();
        assertThat(attempt.claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void claimWhenItsLeaseWasReleasedThenALateFirstAttemptDoesNotClaim() {
        expect();
        Attempt attempt = attempt();
        attempt.claim();
        store.release(KEY, attempt.lease());
        assertThat(attempt.claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void endingWhenAskedAgainUnderItsLeaseThenRecognised() {
        expect();
        long first = claimed();
        assertThat(store.release(KEY, first)).isTrue();
        assertThat(store.release(KEY, first)).isTrue();
        long second = claimed();
        assertThat(store.settle(KEY, second)).isTrue();
        assertThat(store.settle(KEY, second)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void claimWhenRetentionIsOverThenRefusedBeforeAnyStoreIsAsked(long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> attempt().unseen().keep(Duration.ofMillis(millis)).claim());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        attempt().unseen().leaseFor(Duration.ofMillis(millis)).claim());
    }

    @Test
    void claimWhenReleasedClaimWasAnotherCallbackThenRepeatIsOfTheLastOne() {
        expect();
        Attempt first = attempt().fingerprint("first");
        first.claim();
        store.release(KEY, first.lease());
        Attempt second = attempt().fingerprint("second");
        assertThat(second.claim()).isEqualTo(Result.CLAIMED);
        store.settle(KEY, second.lease());
        assertThat(attempt().fingerprint("first").claim()).isEqualTo(Result.SETTLED_BY_ANOTHER);
        assertThat(attempt().fingerprint("second").claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void claimWhenRefusedThenHolderKeepsItsClaim() {
        expect();
        long lease = claimed();
        attempt().claim();
        attempt().taskId(OTHER_ID).claim();
        assertThat(store.settle(KEY, lease)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3Q2-7WAAECAWQFBGCICQOL",
                "3q2-7wAAECAwQFBgcICQo",
                "3q2-7wAAECAwQFBgcICQoL0",
                "3q2-7wAAECAwQFBgcICQo_"
            })
    void claimWhenKeyIsAlikeThenUnknown(String alike) {
        expect();
        assertThat(attempt().key(alike).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(store.abandon(alike)).isFalse();
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenKeyHoldsAWildcardThenItStandsForItself() {
        expect("key_with_underscores", null);
        expect("key-with-underscores", null);
        assertThat(store.abandon("key_with_underscores")).isTrue();
        assertThat(attempt().key("key-with-underscores").claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenTaskIdDiffersInCaseThenUnknown() {
        expect(KEY, "task-A");
        assertThat(attempt().taskId("task-a").claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().taskId("task-A").claim()).isEqualTo(Result.CLAIMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x' OR '1'='1", "x\"; DROP TABLE callbacks; --", "*", "%", "x}\r\nDEL y", "ключ"})
    void claimWhenKeyOrIdIsHostileThenItIsOnlyData(String hostile) {
        expect();
        assertThat(attempt().key(hostile).claim()).isEqualTo(Result.UNKNOWN);
        expect(hostile, hostile);
        assertThat(attempt().key(hostile).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().key(hostile).taskId(hostile).claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenKeyAndIdAreAsLongAsTheProtocolAllowsThenClaimed() {
        String longest = "z".repeat(128);
        expect(longest, longest);
        Attempt attempt = attempt().key(longest).taskId(longest).fingerprint("f".repeat(64));
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(store.settle(longest, attempt.lease())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
    void claimWhenLeaseIsAnyNumberThenItIsHeldByThatNumber(long lease) {
        expect();
        assertThat(store.settle(KEY, lease)).isFalse();
        assertThat(store.release(KEY, lease)).isFalse();
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.LOST);
        assertThat(attempt().lease(lease).claim()).isEqualTo(Result.CLAIMED);
        assertThat(store.settle(KEY, lease ^ 1)).isFalse();
        assertThat(store.settle(KEY, lease)).isTrue();
    }

    // ---- the lease

    @Test
    void claimWhenLeaseEndsThenClaimableFromThenOn() {
        expect();
        claimed();
        advanceToJustBefore(LEASE);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        advance(margin());
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
    }

    @Test
    void settleThenLeaseNoLongerMatters() {
        expect();
        settled();
        advance(LEASE.plus(LEASE));
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void settleThenTheClaimCannotEndOtherwise() {
        expect();
        long lease = settled();
        assertThat(store.release(KEY, lease)).isFalse();
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.LOST);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void settleWhenLeaseIsOverAndNobodyElseHasClaimedThenSettled() {
        expect();
        long lease = claimed();
        advance(LEASE.plusSeconds(1));
        assertThat(store.settle(KEY, lease)).isTrue();
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void releaseThenClaimableAtOnce() {
        expect();
        long first = claimed();
        assertThat(store.release(KEY, first)).isTrue();
        long second = claimed();
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, second)).isTrue();
    }

    @Test
    void releaseThenTheClaimCannotEndOtherwise() {
        expect();
        long lease = claimed();
        store.release(KEY, lease);
        assertThat(store.settle(KEY, lease)).isFalse();
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.LOST);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void releaseWhenLeaseIsOverAndNobodyElseHasClaimedThenReleased() {
        expect();
        long lease = claimed();
        advance(LEASE);
        assertThat(store.release(KEY, lease)).isTrue();
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void renewThenLeaseStartsAnew() {
        expect();
        long lease = claimed();
        advanceToJustBefore(LEASE);
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.HELD);
        advanceToJustBefore(LEASE);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        advance(margin());
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void renewThenSameLeaseSettles() {
        expect();
        long lease = claimed();
        store.renew(KEY, lease, LEASE);
        assertThat(store.settle(KEY, lease)).isTrue();
    }

    @Test
    void renewWhenLeaseIsOverAndNobodyElseHasClaimedThenHeldAgain() {
        expect();
        long lease = claimed();
        advance(LEASE.plusSeconds(1));
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.HELD);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
    }

    @Test
    void endingWhenAnotherHasClaimedSinceThenOldLeaseIsWorthNothing() {
        expect();
        long stale = claimed();
        advance(LEASE);
        long rival = claimed();
        assertThat(store.settle(KEY, stale)).isFalse();
        assertThat(store.release(KEY, stale)).isFalse();
        assertThat(store.renew(KEY, stale, TTL)).isEqualTo(Renewal.LOST);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, rival)).isTrue();
    }

    @Test
    void endingWhenKeyIsUnknownThenFalse() {
        assertThat(store.settle(KEY, 1)).isFalse();
        assertThat(store.release(KEY, 1)).isFalse();
    }

    @Test
    void endingWhenLeaseIsOfAnotherKeyThenFalse() {
        expect();
        expect(OTHER_KEY, null);
        long lease = claimed();
        assertThat(attempt().key(OTHER_KEY).claim()).isEqualTo(Result.CLAIMED);
        assertThat(store.settle(OTHER_KEY, lease)).isFalse();
        assertThat(store.settle(KEY, lease)).isTrue();
    }

    // ---- abandon

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"EXPECTED", "BOUND", "LAPSED", "RELEASED"})
    void abandonWhenOpenThenForgotten(State state) {
        bring(state);
        assertThat(store.abandon(KEY)).isTrue();
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
        assertThat(store.abandon(KEY)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"CLAIMED", "SETTLED"})
    void abandonWhenClaimedThenKept(State state) {
        bring(state);
        assertThat(store.abandon(KEY)).isFalse();
        assertThat(attempt().claim()).isEqualTo(state.next());
    }

    @Test
    void abandonWhenUnknownThenFalse() {
        assertThat(store.abandon(KEY)).isFalse();
    }

    @Test
    void abandonWhenExpiredThenFalse() {
        expect();
        advance(TTL);
        assertThat(store.abandon(KEY)).isFalse();
    }

    @Test
    void abandonThenOtherKeysStay() {
        expect();
        expect(OTHER_KEY, null);
        store.abandon(OTHER_KEY);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    // ---- how long is remembered

    @Test
    void claimWhenExpectationIsAboutToEndThenClaimed() {
        expect();
        advanceToJustBefore(TTL);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenExpectationHasEndedThenUnknown() {
        expect();
        advance(TTL);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void claimThenRememberedUntilRetentionIsOver(boolean settle) {
        store.expect(KEY, null, Duration.ofSeconds(20));
        advanceTo(Duration.ofSeconds(9));
        Duration end = Duration.ofSeconds(91);
        Attempt attempt = attempt().leaseFor(end).keep(end);
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        if (settle) {
            store.settle(KEY, attempt.lease());
        }
        advanceToJustBefore(end);
        assertThat(attempt().claim()).isEqualTo(settle ? Result.REPEATED : Result.IN_PROGRESS);
        advance(margin());
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void claimWhenRetentionEndsBeforeExpectationThenRememberedAsLongAsExpected() {
        expect();
        Attempt attempt = attempt().keep(Duration.ofSeconds(1));
        attempt.claim();
        store.settle(KEY, attempt.lease());
        advanceTo(TTL.minus(margin()));
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void claimWhenLeaseEndsAfterRetentionThenRememberedAsLongAsTheLease() {
        store.expect(KEY, null, Duration.ofSeconds(10));
        Attempt attempt = attempt().keep(Duration.ofSeconds(10)).leaseFor(Duration.ofSeconds(60));
        attempt.claim();
        advanceTo(Duration.ofSeconds(60).minus(margin()));
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, attempt.lease())).isTrue();
    }

    @Test
    void renewWhenNewLeaseEndsAfterRetentionThenRememberedAsLongAsTheLease() {
        store.expect(KEY, null, Duration.ofSeconds(10));
        Attempt attempt = attempt().keep(Duration.ofSeconds(10)).leaseFor(Duration.ofSeconds(5));
        attempt.claim();
        assertThat(store.renew(KEY, attempt.lease(), Duration.ofSeconds(60))).isEqualTo(Renewal.HELD);
        advanceTo(Duration.ofSeconds(60).minus(margin()));
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, attempt.lease())).isTrue();
    }

    @Test
    void releaseThenStillExpectedAsLongAsBefore() {
        expect();
        store.release(KEY, claimed());
        advanceTo(TTL.minus(margin()));
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void endingWhenForgottenThenFalseAndRenewingSaysSo() {
        expect();
        long lease = claimed();
        advance(TTL);
        assertThat(store.settle(KEY, lease)).isFalse();
        assertThat(store.release(KEY, lease)).isFalse();
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.FORGOTTEN);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    // ---- unseen keys

    @Test
    void claimWhenUnseenIsAllowedThenRecorded() {
        Attempt attempt = attempt().unseen();
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(attempt().unseen().fingerprint("other").claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(attempt().unseen().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(store.settle(KEY, attempt.lease())).isTrue();
        assertThat(attempt().unseen().claim()).isEqualTo(Result.REPEATED);
        assertThat(attempt().unseen().fingerprint("other").claim()).isEqualTo(Result.SETTLED_BY_ANOTHER);
    }

    @Test
    void claimWhenUnseenIsAllowedThenRememberedUntilRetentionIsOver() {
        Attempt attempt = attempt().unseen();
        attempt.claim();
        store.settle(KEY, attempt.lease());
        advanceToJustBefore(TTL);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.REPEATED);
        advance(margin());
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenUnseenIsAllowedThenLeaseEndsAsOfAnExpectedOne() {
        attempt().unseen().claim();
        advanceToJustBefore(LEASE);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.IN_PROGRESS);
        advance(margin());
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void releaseWhenClaimWasUnseenThenClaimableAgain() {
        Attempt attempt = attempt().unseen();
        attempt.claim();
        assertThat(store.release(KEY, attempt.lease())).isTrue();
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenUnseenIsAllowedAndKeyIsExpectedThenBoundIdCounts() {
        expect(KEY, ID);
        assertThat(attempt().unseen().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    // ---- several threads, and several store objects if the fixture opens them

    @Test
    void claimWhenManyThreadsClaimOneKeyThenOneHasIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            assertOneClaimed(Race.run(THREADS, () -> attempt().key(key).claim()), Result.IN_PROGRESS);
        }
    }

    @Test
    void claimWhenManyThreadsClaimOneUnseenKeyThenOneHasIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            assertOneClaimed(Race.run(THREADS, () -> attempt().key(key).unseen().claim()), Result.IN_PROGRESS);
        }
    }

    @Test
    void claimWhenManyThreadsClaimOneLapsedKeyThenOneHasIt() throws Exception {
        expect();
        claimed();
        advance(LEASE);
        assertOneClaimed(Race.run(THREADS, () -> attempt().claim()), Result.IN_PROGRESS);
    }

    @Test
    void claimWhenManyThreadsComeWithDifferentIdsThenOneHasItAndItsIdIsBound() throws Exception {
        expect();
        List<Callable<Result>> claims = IntStream.range(0, THREADS)
                .<Callable<Result>>mapToObj(
                        i -> () -> attempt().taskId("task-" + i).claim())
                .toList();
        List<Result> outcomes = Race.run(claims);
        assertOneClaimed(outcomes, Result.UNKNOWN);
        int winner = outcomes.indexOf(Result.CLAIMED);
        assertThat(store.bind(KEY, "task-" + winner)).isEqualTo(Binding.BOUND);
    }

    @Test
    void endingWhenManyThreadsEndOneClaimInBothWaysThenOneWayHolds() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            Attempt attempt = attempt().key(key);
            attempt.claim();
            List<Boolean> ended = Race.run(List.<Callable<Boolean>>of(
                    () -> anyStore().settle(key, attempt.lease()),
                    () -> anyStore().release(key, attempt.lease())));
            assertThat(ended).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void expectWhenManyThreadsExpectOneKeyThenOneDoes() throws Exception {
        List<Boolean> expected = Race.run(THREADS, () -> {
            try {
                expect();
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        });
        assertThat(Collections.frequency(expected, true)).isEqualTo(1);
    }

    @Test
    void abandonWhenACallbackIsClaimedAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            List<Boolean> results = Race.run(List.<Callable<Boolean>>of(
                    () -> attempt().key(key).claim() == Result.CLAIMED,
                    () -> anyStore().abandon(key)));
            assertThat(results).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void bindWhenAnotherIdClaimsAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            List<Boolean> results = Race.run(List.<Callable<Boolean>>of(
                    () -> attempt().key(key).taskId(OTHER_ID).claim() == Result.CLAIMED,
                    () -> anyStore().bind(key, ID) == Binding.BOUND));
            assertThat(results).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void claimAndReleaseWhenManyThreadsTakeTurnsThenNeverTwoHoldAtOnce() throws Exception {
        expect();
        AtomicLong holders = new AtomicLong();
        List<Long> most = Race.run(8, () -> {
            long seen = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Attempt attempt = attempt();
                if (attempt.claim() == Result.CLAIMED) {
                    seen = Math.max(seen, holders.incrementAndGet());
                    holders.decrementAndGet();
                    assertThat(anyStore().release(KEY, attempt.lease())).isTrue();
                }
            }
            return seen;
        });
        assertThat(new ArrayList<>(most)).allMatch(seen -> seen <= 1).contains(1L);
    }

    // ---- what it shows

    @Test
    void toStringThenShowsNeitherKeyNorId() {
        expect(KEY, ID);
        claimed();
        assertThat(store.toString()).doesNotContain(KEY).doesNotContain(ID).doesNotContain("fingerprint");
    }
}
