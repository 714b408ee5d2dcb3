package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.captchacallback.MutableClock;
import io.github.captchacallback.Race;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests what {@link CallbackStore} promises. The test of an implementation extends it and says how an empty store is made;
 * time moves only when a test here moves it.
 */
public abstract class CallbackStoreContract {

    private static final Instant START = Instant.parse("2026-11-22T10:15:30.250Z");
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /** How long a full store may take to make the place of an expired entry free. The entry itself is gone on time. */
    private static final Duration CLEANING = Duration.ofSeconds(5);

    private static final int THREADS = 64;
    private static final int ROUNDS = 50;

    private static final String KEY = "3q2-7wAAECAwQFBgcICQoL";
    private static final String OTHER_KEY = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final String ID = "70123456789";
    private static final String OTHER_ID = "70123456780";

    private final MutableClock clock = new MutableClock(START);
    private final AtomicLong leases = new AtomicLong();
    private CallbackStore store;

    /** Makes the test of a store. */
    protected CallbackStoreContract() {}

    /**
     * Makes a store that holds nothing.
     *
     * @param clock the time, which does not move by itself
     * @param capacity the most entries that the store may hold at once
     */
    protected abstract CallbackStore createStore(InstantSource clock, long capacity);

    @BeforeEach
    void createStore() {
        store = createStore(clock, 100_000);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** Puts a store of another capacity in place of the one that every test begins with. */
    private void createStoreOfCapacity(long capacity) {
        store.close();
        store = createStore(clock, capacity);
    }

    private void expect() {
        expect(KEY, null);
    }

    private void expect(String key, @Nullable String taskId) {
        store.expect(key, taskId, TTL);
    }

    private Attempt attempt() {
        return new Attempt();
    }

    /** Claims for the usual id, and returns the lease under which that is done. */
    private long claimed() {
        Attempt attempt = attempt();
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        return attempt.lease;
    }

    private long settled() {
        long lease = claimed();
        assertThat(store.settle(KEY, lease)).isTrue();
        return lease;
    }

    /** A claim as most tests make it: by a one-time callback for an expected key, under a lease of its own. */
    private final class Attempt {

        private String key = KEY;
        private String taskId = ID;
        private String fingerprint = "fingerprint";
        private long lease = leases.incrementAndGet();
        private Instant leaseUntil = clock.instant().plus(LEASE);
        private Instant retainUntil = clock.instant().plus(TTL);
        private boolean unseen;

        Attempt key(String other) {
            this.key = other;
            return this;
        }

        Attempt taskId(String other) {
            this.taskId = other;
            return this;
        }

        Attempt fingerprint(String other) {
            this.fingerprint = other;
            return this;
        }

        Attempt lease(long other) {
            this.lease = other;
            return this;
        }

        Attempt leaseUntil(Instant end) {
            this.leaseUntil = end;
            return this;
        }

        Attempt retainUntil(Instant end) {
            this.retainUntil = end;
            return this;
        }

        Attempt unseen() {
            this.unseen = true;
            return this;
        }

        ClaimRequest request() {
            return new ClaimRequest(
                    key,
                    taskId,
                    fingerprint,
                    lease,
                    Duration.between(clock.instant(), leaseUntil),
                    Duration.between(clock.instant(), retainUntil));
        }

        Result claim() {
            return Result.of(outcome());
        }

        ClaimOutcome outcome() {
            return unseen ? store.claimUnseen(request()) : store.claim(request());
        }
    }

    /** The outcomes of a claim, without how long a lease still runs. */
    private enum Result {
        CLAIMED,
        UNKNOWN,
        IN_PROGRESS,
        SETTLED_BY_ANOTHER,
        REPEATED;

        static Result of(ClaimOutcome outcome) {
            if (outcome instanceof ClaimOutcome.Settled settled) {
                return settled.repeated() ? REPEATED : SETTLED_BY_ANOTHER;
            }
            if (outcome instanceof ClaimOutcome.InProgress) {
                return IN_PROGRESS;
            }
            return outcome instanceof ClaimOutcome.Claimed ? CLAIMED : UNKNOWN;
        }
    }

    /** The states that an entry can be in, each with the way to it. */
    private enum State {
        EXPECTED,
        BOUND,
        CLAIMED,
        LAPSED,
        RELEASED,
        SETTLED;

        /** Returns what the next attempt of the same callback gets. */
        Result next() {
            return switch (this) {
                case CLAIMED -> Result.IN_PROGRESS;
                case SETTLED -> Result.REPEATED;
                default -> Result.CLAIMED;
            };
        }
    }

    private void bring(State state) {
        expect();
        switch (state) {
            case EXPECTED -> {}
            case BOUND -> assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
            case CLAIMED -> claimed();
            case LAPSED -> {
                claimed();
                clock.advance(LEASE);
            }
            case RELEASED -> assertThat(store.release(KEY, claimed())).isTrue();
            case SETTLED -> settled();
        }
    }

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
        clock.set(START.plus(TTL));
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void expectWhenKeyHasExpiredThenExpectsAnew() {
        store.expect(KEY, ID, TTL);
        clock.set(START.plus(TTL));
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
        clock.advance(TTL);
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
        clock.advance(TTL.minus(MILLISECOND));
        store.bind(KEY, ID);
        clock.advance(MILLISECOND);
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
        clock.advance(Duration.ofSeconds(12));
        assertThat(attempt().outcome()).isEqualTo(new ClaimOutcome.InProgress(LEASE.minusSeconds(12)));
    }

    // ---- the same claim again

    @Test
    void claimWhenAskedAgainUnderItsLeaseThenItIsTheSameClaim() {
        expect();
        Attempt attempt = attempt();
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, attempt.lease)).isTrue();
        assertThat(attempt.claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void claimWhenItsLeaseWasReleasedThenALateFirstAttemptDoesNotClaim() {
        expect();
        Attempt attempt = attempt();
        attempt.claim();
        store.release(KEY, attempt.lease);
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
                .isThrownBy(() -> attempt()
                        .unseen()
                        .retainUntil(clock.instant().plusMillis(millis))
                        .claim());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> attempt()
                        .unseen()
                        .leaseUntil(clock.instant().plusMillis(millis))
                        .claim());
    }

    @Test
    void claimWhenReleasedClaimWasAnotherCallbackThenRepeatIsOfTheLastOne() {
        expect();
        Attempt first = attempt().fingerprint("first");
        first.claim();
        store.release(KEY, first.lease);
        Attempt second = attempt().fingerprint("second");
        assertThat(second.claim()).isEqualTo(Result.CLAIMED);
        store.settle(KEY, second.lease);
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
        assertThat(store.settle(longest, attempt.lease)).isTrue();
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
    void claimWhenLeaseEndsThenClaimableFromThatMillisecondOn() {
        expect();
        claimed();
        clock.advance(LEASE.minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        clock.advance(MILLISECOND);
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
    }

    @Test
    void settleThenLeaseNoLongerMatters() {
        expect();
        settled();
        clock.advance(LEASE.plus(LEASE));
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
        clock.advance(LEASE.plusSeconds(1));
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
        clock.advance(LEASE);
        assertThat(store.release(KEY, lease)).isTrue();
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void renewThenLeaseEndsAtTheNewMillisecond() {
        expect();
        long lease = claimed();
        clock.advance(LEASE.minus(MILLISECOND));
        Instant end = clock.instant().plus(LEASE);
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.HELD);
        clock.set(end.minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        clock.set(end);
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
        clock.advance(LEASE.plusSeconds(1));
        assertThat(store.renew(KEY, lease, LEASE)).isEqualTo(Renewal.HELD);
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
    }

    @Test
    void endingWhenAnotherHasClaimedSinceThenOldLeaseIsWorthNothing() {
        expect();
        long stale = claimed();
        clock.advance(LEASE);
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
        clock.advance(TTL);
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
    void claimWhenUntilIsAMillisecondAwayThenClaimed() {
        expect();
        clock.advance(TTL.minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenUntilIsReachedThenUnknown() {
        expect();
        clock.advance(TTL);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void claimThenRememberedUntilRetentionIsOver(boolean settle) {
        store.expect(KEY, null, Duration.ofSeconds(10));
        clock.set(START.plusSeconds(9));
        Instant end = START.plusSeconds(100);
        Attempt attempt = attempt().leaseUntil(end).retainUntil(end);
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        if (settle) {
            store.settle(KEY, attempt.lease);
        }
        clock.set(end.minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(settle ? Result.REPEATED : Result.IN_PROGRESS);
        clock.set(end);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void claimWhenRetentionEndsBeforeExpectationThenRememberedAsLongAsExpected() {
        expect();
        Attempt attempt = attempt().retainUntil(START.plusSeconds(1));
        attempt.claim();
        store.settle(KEY, attempt.lease);
        clock.set(START.plus(TTL).minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void claimWhenLeaseEndsAfterRetentionThenRememberedAsLongAsTheLease() {
        store.expect(KEY, null, Duration.ofSeconds(10));
        Attempt attempt = attempt().retainUntil(START.plusSeconds(10)).leaseUntil(START.plusSeconds(60));
        attempt.claim();
        clock.set(START.plusSeconds(60).minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, attempt.lease)).isTrue();
    }

    @Test
    void renewWhenNewLeaseEndsAfterRetentionThenRememberedAsLongAsTheLease() {
        store.expect(KEY, null, Duration.ofSeconds(10));
        Attempt attempt = attempt().retainUntil(START.plusSeconds(10)).leaseUntil(START.plusSeconds(5));
        attempt.claim();
        assertThat(store.renew(KEY, attempt.lease, Duration.ofSeconds(60))).isEqualTo(Renewal.HELD);
        clock.set(START.plusSeconds(60).minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.IN_PROGRESS);
        assertThat(store.settle(KEY, attempt.lease)).isTrue();
    }

    @Test
    void releaseThenStillExpectedAsLongAsBefore() {
        expect();
        store.release(KEY, claimed());
        clock.set(START.plus(TTL).minus(MILLISECOND));
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void endingWhenForgottenThenFalseAndRenewingSaysSo() {
        expect();
        long lease = claimed();
        clock.advance(TTL);
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
        assertThat(store.settle(KEY, attempt.lease)).isTrue();
        assertThat(attempt().unseen().claim()).isEqualTo(Result.REPEATED);
        assertThat(attempt().unseen().fingerprint("other").claim()).isEqualTo(Result.SETTLED_BY_ANOTHER);
    }

    @Test
    void claimWhenUnseenIsAllowedThenRememberedUntilRetentionIsOver() {
        Instant end = START.plus(TTL);
        Attempt attempt = attempt().unseen().retainUntil(end);
        attempt.claim();
        store.settle(KEY, attempt.lease);
        clock.set(end.minus(MILLISECOND));
        assertThat(attempt().unseen().claim()).isEqualTo(Result.REPEATED);
        clock.set(end);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenUnseenIsAllowedThenLeaseEndsAsOfAnExpectedOne() {
        attempt().unseen().claim();
        clock.advance(LEASE.minus(MILLISECOND));
        assertThat(attempt().unseen().claim()).isEqualTo(Result.IN_PROGRESS);
        clock.advance(MILLISECOND);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void releaseWhenClaimWasUnseenThenClaimableAgain() {
        Attempt attempt = attempt().unseen();
        attempt.claim();
        assertThat(store.release(KEY, attempt.lease)).isTrue();
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void claimWhenUnseenIsAllowedAndKeyIsExpectedThenBoundIdCounts() {
        expect(KEY, ID);
        assertThat(attempt().unseen().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    // ---- capacity

    private void fill(int entries) {
        for (int i = 0; i < entries; i++) {
            expect(key(i), null);
        }
    }

    private static String key(int number) {
        return "key-number-%08d".formatted(number);
    }

    private void assertFull() {
        assertThatExceptionOfType(CallbackStoreFullException.class)
                .isThrownBy(this::expect)
                .withMessageNotContaining(KEY);
        assertThatExceptionOfType(CallbackStoreFullException.class)
                .isThrownBy(() -> attempt().unseen().claim())
                .withMessageNotContaining(KEY)
                .withMessageNotContaining(ID);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void expectWhenFullThenThrowsAndForgetsNothing() {
        createStoreOfCapacity(10);
        fill(10);
        for (int i = 0; i < 100; i++) {
            assertFull();
        }
        for (int i = 0; i < 10; i++) {
            Attempt attempt = attempt().key(key(i));
            assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
            assertThat(store.settle(key(i), attempt.lease)).isTrue();
        }
        assertFull();
        for (int i = 0; i < 10; i++) {
            assertThat(attempt().key(key(i)).claim()).isEqualTo(Result.REPEATED);
        }
    }

    @Test
    void expectWhenEntriesHaveExpiredThenThereIsRoomForAsManyAgain() {
        createStoreOfCapacity(10);
        for (int round = 0; round < 3; round++) {
            fill(10);
            assertFull();
            clock.advance(TTL.plus(CLEANING));
        }
    }

    @Test
    void expectWhenExpiredKeysAreUsedAgainThenTheyCountOnce() {
        createStoreOfCapacity(10);
        for (int round = 0; round < 20; round++) {
            fill(5);
            clock.advance(TTL);
        }
        clock.advance(CLEANING);
        fill(10);
        assertFull();
    }

    @Test
    void expectWhenSettledEntriesHaveExpiredThenThereIsRoomAgain() {
        createStoreOfCapacity(1);
        expect();
        settled();
        clock.advance(TTL.plus(CLEANING));
        assertThatNoException().isThrownBy(() -> expect(OTHER_KEY, null));
    }

    @Test
    void expectWhenEntriesWereAbandonedThenThereIsRoomAgain() {
        createStoreOfCapacity(10);
        for (int round = 0; round < 3; round++) {
            fill(10);
            assertFull();
            for (int i = 0; i < 10; i++) {
                assertThat(store.abandon(key(i))).isTrue();
            }
        }
        fill(10);
        assertFull();
    }

    @Test
    void claimWhenItFailsThenTakesNoRoom() {
        createStoreOfCapacity(2);
        expect(OTHER_KEY, ID);
        for (int i = 0; i < 100; i++) {
            assertThat(attempt().key(key(i)).claim()).isEqualTo(Result.UNKNOWN);
            assertThat(store.bind(key(i), ID)).isEqualTo(Binding.UNKNOWN);
            assertThat(store.abandon(key(i))).isFalse();
            assertThatIllegalStateException().isThrownBy(() -> expect(OTHER_KEY, ID));
            assertThat(attempt().key(OTHER_KEY).taskId(OTHER_ID).unseen().claim())
                    .isEqualTo(Result.UNKNOWN);
        }
        assertThatNoException().isThrownBy(() -> expect(key(0), null));
        assertFull();
    }

    @Test
    void claimWhenUnseenIsRepeatedThenTakesRoomOnce() {
        createStoreOfCapacity(2);
        for (int i = 0; i < 100; i++) {
            attempt().key(OTHER_KEY).unseen().claim();
        }
        assertThatNoException().isThrownBy(() -> expect(key(0), null));
        assertFull();
    }

    @Test
    void claimWhenFullThenKnownKeysAreJudgedAllTheSame() {
        createStoreOfCapacity(1);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
        for (int i = 0; i < 100; i++) {
            assertThat(attempt().unseen().claim()).isEqualTo(Result.IN_PROGRESS);
            assertThat(attempt().taskId(OTHER_ID).unseen().claim()).isEqualTo(Result.UNKNOWN);
        }
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> attempt().key(OTHER_KEY).unseen().claim());
        clock.advance(TTL.plus(CLEANING));
        assertThat(attempt().key(OTHER_KEY).unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    // ---- how full it is

    private void assertUsed(long used) {
        assertThat(store.occupancy()).contains(new Occupancy(used, 10));
    }

    /** A store need not count; one that does counts what it would refuse by. */
    @Test
    void occupancyThenCountsEachKeyOnceAsLongAsItIsRemembered() {
        createStoreOfCapacity(10);
        assumeThat(store.occupancy()).as("this store does not count").isPresent();
        assertUsed(0);
        fill(8);
        expect(OTHER_KEY, null);
        Attempt settled = attempt().key(OTHER_KEY);
        settled.claim();
        store.settle(OTHER_KEY, settled.lease);
        assertThat(attempt().claim()).isEqualTo(Result.UNKNOWN);
        assertUsed(9);

        attempt().key(key(9)).unseen().claim();
        attempt().key(key(9)).unseen().claim();
        assertFull();
        assertUsed(10);
        assertThat(store.occupancy()).get().matches(Occupancy::full);

        store.abandon(key(0));
        assertUsed(9);
        assertThat(store.occupancy()).get().matches(occupancy -> !occupancy.full());

        clock.advance(TTL.plus(CLEANING));
        assertUsed(0);
    }

    // ---- several threads

    private static void assertOneClaimed(List<Result> outcomes, Result ofTheOthers) {
        assertThat(Collections.frequency(outcomes, Result.CLAIMED)).isEqualTo(1);
        assertThat(Collections.frequency(outcomes, ofTheOthers)).isEqualTo(outcomes.size() - 1);
    }

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
        clock.advance(LEASE);
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
                    () -> store.settle(key, attempt.lease), () -> store.release(key, attempt.lease)));
            assertThat(ended).containsExactlyInAnyOrder(true, false);
        }
    }

    /** None may be told that another is at work, if then none has it. */
    @Test
    void claimWhenManyThreadsClaimOneUnseenKeyInAFullStoreThenAllLearnThatItIsFull() throws Exception {
        createStoreOfCapacity(1);
        expect(OTHER_KEY, null);
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            List<Boolean> full = Race.run(THREADS, () -> {
                try {
                    attempt().key(key).unseen().claim();
                    return false;
                } catch (CallbackStoreFullException e) {
                    return true;
                }
            });
            assertThat(full).containsOnly(true);
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
    void expectWhenManyThreadsFillTheStoreThenNeverMoreThanItsCapacity() throws Exception {
        int capacity = THREADS / 4;
        createStoreOfCapacity(capacity);
        List<Boolean> accepted = Race.run(IntStream.range(0, THREADS)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    try {
                        if (i % 2 == 0) {
                            expect(key(i), null);
                        } else {
                            attempt().key(key(i)).unseen().claim();
                        }
                        return true;
                    } catch (CallbackStoreException e) {
                        return false;
                    }
                })
                .toList());
        int held = Collections.frequency(accepted, true);
        assertThat(held).isBetween(1, capacity);
        for (int i = 0; i < THREADS; i++) {
            assertThat(store.bind(key(i), ID)).isEqualTo(accepted.get(i) ? Binding.BOUND : Binding.UNKNOWN);
        }
        for (int i = held; i < capacity; i++) {
            expect(key(THREADS + i), null);
        }
        assertFull();
    }

    @Test
    void claimWhenAKnownKeyIsRepeatedAtTheSameTimeThenItTakesNobodysPlace() throws Exception {
        createStoreOfCapacity(2);
        attempt().unseen().claim();
        AtomicBoolean over = new AtomicBoolean();
        Callable<Boolean> repeats = () -> {
            boolean repeated = true;
            while (!over.get()) {
                repeated &= attempt().unseen().claim() == Result.IN_PROGRESS;
            }
            return repeated;
        };
        Callable<Boolean> others = () -> {
            try {
                for (int i = 0; i < 200 * ROUNDS; i++) {
                    expect(OTHER_KEY, null);
                    store.abandon(OTHER_KEY);
                }
                return true;
            } finally {
                over.set(true);
            }
        };
        assertThat(Race.run(List.of(repeats, repeats, others))).containsOnly(true);
    }

    @Test
    void abandonWhenACallbackIsClaimedAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            List<Boolean> results = Race.run(List.<Callable<Boolean>>of(
                    () -> attempt().key(key).claim() == Result.CLAIMED, () -> store.abandon(key)));
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
                    () -> store.bind(key, ID) == Binding.BOUND));
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
                    assertThat(store.release(KEY, attempt.lease)).isTrue();
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
