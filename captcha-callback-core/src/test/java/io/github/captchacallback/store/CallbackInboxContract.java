package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what {@link CallbackInbox} promises. A store that is one extends {@link CallbackStoreContract} as well. */
public abstract class CallbackInboxContract extends StoreContract {

    private static final String ANSWER = "03AGdBq27, the answer | with \"signs\"";
    private static final String OTHER_ANSWER = "09HVfXz14, another answer";
    private static final Duration KEEP = Duration.ofHours(1);
    private static final Duration BACK_OFF = Duration.ofSeconds(20);

    /** Makes the test of an inbox. */
    protected CallbackInboxContract() {}

    private CallbackInbox inbox() {
        return (CallbackInbox) anyStore();
    }

    private long accepted() {
        return accepted(KEY, ANSWER);
    }

    private long accepted(String key, String answer) {
        Attempt attempt = attempt().key(key);
        assertThat(attempt.accept(answer, KEEP)).isEqualTo(Result.CLAIMED);
        return attempt.lease();
    }

    private List<DueAnswer> takeDue() {
        return inbox().takeDue(newLease(), 10, LEASE);
    }

    private DueAnswer taken() {
        List<DueAnswer> due = takeDue();
        assertThat(due).hasSize(1);
        return due.get(0);
    }

    private StoredCallback found() {
        return inbox().find(KEY).orElseThrow();
    }

    private void assertAbout(@Nullable Duration actual, Duration expected) {
        Duration margin = margin().plusMillis(1);
        assertThat(actual).isBetween(expected.minus(margin), expected.plus(margin));
    }

    private List<StoredCallback> allDead(int pageSize) {
        List<StoredCallback> all = new ArrayList<>();
        String cursor = null;
        do {
            DeadPage page = inbox().dead(pageSize, cursor);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(pageSize);
            all.addAll(page.entries());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    /** The states of an entry whose answer is kept, each with the way to it. */
    private enum KeptState {
        ACCEPTED(StoredCallback.State.IN_PROGRESS),
        LAPSED(StoredCallback.State.WAITING),
        RELEASED(StoredCallback.State.WAITING),
        RETRIED(StoredCallback.State.WAITING),
        TAKEN(StoredCallback.State.IN_PROGRESS),
        DEAD(StoredCallback.State.DEAD),
        REPLAYED(StoredCallback.State.WAITING);

        private final StoredCallback.State found;

        KeptState(StoredCallback.State found) {
            this.found = found;
        }
    }

    /** Brings the usual key to a state, and returns the lease of the acceptance. */
    private long bring(KeptState state) {
        expect();
        long lease = accepted();
        switch (state) {
            case ACCEPTED -> {}
            case LAPSED -> advance(LEASE);
            case RELEASED -> assertThat(inbox().release(KEY, lease)).isTrue();
            case RETRIED -> assertThat(inbox().retry(KEY, lease, BACK_OFF)).isTrue();
            case TAKEN -> {
                inbox().release(KEY, lease);
                taken();
            }
            case DEAD ->
                assertThat(inbox().bury(KEY, lease, "six attempts failed", KEEP))
                        .isTrue();
            case REPLAYED -> {
                inbox().bury(KEY, lease, "six attempts failed", KEEP);
                assertThat(inbox().replay(KEY, KEEP)).isTrue();
            }
        }
        return lease;
    }

    // ---- accept

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acceptThenAnswerIsHandedOutAsItWas(boolean unseen) {
        Attempt attempt = attempt();
        if (unseen) {
            attempt.unseen();
        } else {
            expect();
        }
        assertThat(attempt.accept(ANSWER, KEEP)).isEqualTo(Result.CLAIMED);
        assertThat(inbox().release(KEY, attempt.lease())).isTrue();
        assertThat(taken()).satisfies(due -> {
            assertThat(due.key()).isEqualTo(KEY);
            assertThat(due.taskId()).isEqualTo(ID);
            assertThat(due.answer()).isEqualTo(ANSWER);
        });
    }

    @Test
    void acceptWhenNeverExpectedThenUnknownAndNothingIsKept() {
        assertThat(attempt().accept(ANSWER, KEEP)).isEqualTo(Result.UNKNOWN);
        assertThat(inbox().find(KEY)).isEmpty();
        advance(LEASE);
        assertThat(takeDue()).isEmpty();
    }

    @Test
    void acceptWhenAnotherIdIsBoundThenUnknownAndNothingIsKept() {
        expect(KEY, OTHER_ID);
        assertThat(attempt().accept(ANSWER, KEEP)).isEqualTo(Result.UNKNOWN);
        advance(LEASE);
        assertThat(takeDue()).isEmpty();
    }

    @Test
    void acceptWhenAnotherClaimIsInProgressThenNothingIsKept() {
        expect();
        long lease = claimed();
        assertThat(attempt().accept(ANSWER, KEEP)).isEqualTo(Result.IN_PROGRESS);
        assertThat(inbox().release(KEY, lease)).isTrue();
        assertThat(takeDue()).isEmpty();
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void acceptWhenSettledThenRepeatIsToldAndNothingIsKept() {
        expect();
        settled();
        assertThat(attempt().accept(ANSWER, KEEP)).isEqualTo(Result.REPEATED);
        assertThat(attempt().fingerprint("other").accept(ANSWER, KEEP)).isEqualTo(Result.SETTLED_BY_ANOTHER);
        advance(LEASE);
        assertThat(takeDue()).isEmpty();
    }

    @Test
    void acceptWhenAskedAgainUnderItsLeaseThenItIsTheSameClaim() {
        expect();
        Attempt attempt = attempt();
        assertThat(attempt.accept(ANSWER, KEEP)).isEqualTo(Result.CLAIMED);
        assertThat(attempt.accept(ANSWER, KEEP)).isEqualTo(Result.CLAIMED);
        assertThat(found().attempts()).isEqualTo(1);
        advance(LEASE);
        assertThat(taken().attempts()).isEqualTo(2);
    }

    @Test
    void acceptWhenClaimedWithoutAnswerUnderItsLeaseThenKept() {
        expect();
        Attempt attempt = attempt();
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        assertThat(attempt.accept(ANSWER, KEEP)).isEqualTo(Result.CLAIMED);
        advance(LEASE);
        assertThat(taken().answer()).isEqualTo(ANSWER);
    }

    @Test
    void claimWhenAcceptedUnderItsLeaseThenAnswerStaysKept() {
        expect();
        Attempt attempt = attempt();
        attempt.accept(ANSWER, KEEP);
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        advance(LEASE);
        assertThat(taken().answer()).isEqualTo(ANSWER);
    }

    @ParameterizedTest
    @EnumSource(KeptState.class)
    void claimWhenAnswerIsKeptThenSettledForEveryOtherCallback(KeptState state) {
        bring(state);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.REPEATED);
        assertThat(attempt().fingerprint("other").claim()).isEqualTo(Result.SETTLED_BY_ANOTHER);
        assertThat(attempt().taskId(OTHER_ID).claim()).isEqualTo(Result.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(KeptState.class)
    void acceptWhenAnswerIsKeptThenFirstAnswerStays(KeptState state) {
        bring(state);
        assertThat(attempt().fingerprint("other").accept(OTHER_ANSWER, KEEP)).isEqualTo(Result.SETTLED_BY_ANOTHER);
        assertThat(attempt().unseen().fingerprint("other").accept(OTHER_ANSWER, KEEP))
                .isEqualTo(Result.SETTLED_BY_ANOTHER);
        assertThat(found().state()).isEqualTo(state.found);
        if (state == KeptState.DEAD) {
            inbox().replay(KEY, KEEP);
        }
        advance(LEASE);
        assertThat(taken().answer()).isEqualTo(ANSWER);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeptState.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ACCEPTED", "LAPSED"})
    void acceptWhenItsLeaseHasEndedThenALateFirstAttemptDoesNotClaim(KeptState state) {
        long lease = bring(state);
        assertThat(attempt().lease(lease).accept(ANSWER, KEEP)).isEqualTo(Result.REPEATED);
        assertThat(found().state()).isEqualTo(state.found);
    }

    @ParameterizedTest
    @EnumSource(KeptState.class)
    void expectBindAndAbandonWhenAnswerIsKeptThenItStays(KeptState state) {
        bring(state);
        assertThat(inbox().bind(KEY, ID)).isEqualTo(Binding.BOUND);
        assertThat(inbox().bind(KEY, OTHER_ID)).isEqualTo(Binding.CONFLICT);
        assertThat(inbox().abandon(KEY)).isFalse();
        assertThat(found().state()).isEqualTo(state.found);
    }

    @Test
    void acceptWhenAnswerIsLongAndOfAnyCharactersThenHandedOutAsItWas() {
        String answer = "aé€😀\t\r\n'\"\\|;%{}" + "z".repeat(100_000 - 17);
        expect();
        inbox().release(KEY, accepted(KEY, answer));
        assertThat(taken().answer()).isEqualTo(answer);
    }

    @Test
    void acceptWhenAnswerIsEmptyThenKeptAllTheSame() {
        expect();
        inbox().release(KEY, accepted(KEY, ""));
        assertThat(taken().answer()).isEmpty();
    }

    // ---- take

    @Test
    void takeDueWhenLeaseRunsThenNothing() {
        expect();
        accepted();
        advanceToJustBefore(LEASE);
        assertThat(takeDue()).isEmpty();
    }

    @Test
    void takeDueWhenLeaseIsOverThenTakenWithItsAttemptCounted() {
        expect();
        accepted();
        advance(LEASE);
        DueAnswer first = taken();
        assertThat(first.attempts()).isEqualTo(2);
        assertAbout(first.age(), LEASE);
        assertThat(takeDue()).isEmpty();
        advance(LEASE);
        DueAnswer second = taken();
        assertThat(second.attempts()).isEqualTo(3);
        assertAbout(second.age(), LEASE.plus(LEASE));
    }

    @Test
    void takeDueThenTheNewLeaseEndsTheAttempt() {
        expect();
        long stale = accepted();
        advance(LEASE);
        DueAnswer due = taken();
        assertThat(inbox().settle(KEY, stale)).isFalse();
        assertThat(inbox().release(KEY, stale)).isFalse();
        assertThat(inbox().retry(KEY, stale, BACK_OFF)).isFalse();
        assertThat(inbox().bury(KEY, stale, "late", KEEP)).isFalse();
        assertThat(inbox().renew(KEY, stale, LEASE)).isEqualTo(Renewal.LOST);
        assertThat(inbox().renew(KEY, due.lease(), LEASE)).isEqualTo(Renewal.HELD);
        assertThat(inbox().settle(KEY, due.lease())).isTrue();
    }

    @Test
    void takeDueWhenNoAnswerWasKeptThenNothing() {
        for (State state : State.values()) {
            bring(state);
            advance(LEASE);
            assertThat(takeDue()).as(state.name()).isEmpty();
            advance(TTL.plus(TTL));
        }
    }

    @Test
    void takeDueThenAtMostTheLimitAndTheLongestDueFirst() {
        for (int i = 0; i < 5; i++) {
            expect(key(i), null);
            inbox().retry(key(i), accepted(key(i), ANSWER + i), Duration.ofSeconds(100 - 20L * i));
        }
        advance(Duration.ofSeconds(100));
        assertThat(inbox().takeDue(newLease(), 2, LEASE))
                .extracting(DueAnswer::key)
                .containsExactlyInAnyOrder(key(4), key(3));
        assertThat(inbox().takeDue(newLease(), 2, LEASE))
                .extracting(DueAnswer::key)
                .containsExactlyInAnyOrder(key(2), key(1));
        assertThat(inbox().takeDue(newLease(), 2, LEASE))
                .extracting(DueAnswer::answer)
                .containsExactly(ANSWER + 0);
        assertThat(takeDue()).isEmpty();
    }

    @Test
    void takeDueWhenAskedAgainUnderItsLeaseThenTheSameAnswersAndNotCountedAgain() {
        for (int i = 0; i < 3; i++) {
            expect(key(i), null);
            inbox().release(key(i), accepted(key(i), ANSWER));
        }
        long lease = newLease();
        List<DueAnswer> first = inbox().takeDue(lease, 3, LEASE);
        List<DueAnswer> second = inbox().takeDue(lease, 3, LEASE);
        assertThat(first).hasSize(3).allMatch(due -> due.attempts() == 1 && due.lease() == lease);
        assertThat(second).extracting(DueAnswer::key).containsExactlyInAnyOrder(key(0), key(1), key(2));
        assertThat(second).allMatch(due -> due.attempts() == 1 && due.lease() == lease);
    }

    @Test
    void takeDueWhenGivenBackUnderThatLeaseThenALateFirstAttemptDoesNotTakeIt() {
        expect();
        inbox().release(KEY, accepted());
        long lease = newLease();
        assertThat(inbox().takeDue(lease, 10, LEASE)).hasSize(1);
        assertThat(inbox().retry(KEY, lease, Duration.ZERO)).isTrue();
        assertThat(inbox().takeDue(lease, 10, LEASE)).isEmpty();
        assertThat(taken().attempts()).isEqualTo(2);
    }

    @Test
    void renewWhenAnAnswerIsTakenThenNotDueBeforeTheNewEnd() {
        expect();
        long lease = accepted();
        advanceToJustBefore(LEASE);
        assertThat(inbox().renew(KEY, lease, LEASE)).isEqualTo(Renewal.HELD);
        advanceToJustBefore(LEASE);
        assertThat(takeDue()).isEmpty();
        advance(margin());
        assertThat(taken().attempts()).isEqualTo(2);
    }

    // ---- give back

    @Test
    void releaseThenDueAtOnceAndTheAttemptDoesNotCount() {
        expect();
        long lease = accepted();
        assertThat(inbox().release(KEY, lease)).isTrue();
        assertThat(inbox().release(KEY, lease)).isTrue();
        assertThat(taken().attempts()).isEqualTo(1);
    }

    @Test
    void retryThenDueAfterTheBackOff() {
        expect();
        assertThat(inbox().retry(KEY, accepted(), BACK_OFF)).isTrue();
        advanceToJustBefore(BACK_OFF);
        assertThat(takeDue()).isEmpty();
        advance(margin());
        assertThat(taken().attempts()).isEqualTo(2);
    }

    @Test
    void retryWhenAskedAgainUnderItsLeaseThenRecognizedAndNotPutOff() {
        expect();
        long lease = accepted();
        assertThat(inbox().retry(KEY, lease, BACK_OFF)).isTrue();
        advance(BACK_OFF);
        assertThat(inbox().retry(KEY, lease, BACK_OFF)).isTrue();
        assertThat(taken().attempts()).isEqualTo(2);
        assertThat(inbox().retry(KEY, lease, BACK_OFF)).isFalse();
    }

    @Test
    void retryWhenLeaseIsOverAndNobodyElseHasTakenThenWaits() {
        expect();
        long lease = accepted();
        advance(LEASE.plusSeconds(1));
        assertThat(inbox().retry(KEY, lease, BACK_OFF)).isTrue();
        assertThat(takeDue()).isEmpty();
    }

    @Test
    void retryAndBuryWhenNoAnswerIsKeptThenFalseAndTheClaimStays() {
        expect();
        long lease = claimed();
        assertThat(inbox().retry(KEY, lease, BACK_OFF)).isFalse();
        assertThat(inbox().bury(KEY, lease, "no answer", KEEP)).isFalse();
        assertThat(inbox().release(KEY, lease)).isTrue();
        assertThat(inbox().retry(KEY, lease, BACK_OFF)).isFalse();
        long settled = claimed();
        assertThat(inbox().settle(KEY, settled)).isTrue();
        assertThat(inbox().retry(KEY, settled, BACK_OFF)).isFalse();
        assertThat(inbox().bury(KEY, settled, "no answer", KEEP)).isFalse();
        assertThat(inbox().retry(OTHER_KEY, lease, BACK_OFF)).isFalse();
        assertThat(inbox().bury(OTHER_KEY, lease, "no answer", KEEP)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = KeptState.class,
            names = {"RELEASED", "RETRIED", "DEAD", "REPLAYED"})
    void endingWhenGivenBackThenTheLeaseCannotEndOtherwise(KeptState state) {
        long lease = bring(state);
        assertThat(inbox().settle(KEY, lease)).isFalse();
        assertThat(inbox().renew(KEY, lease, LEASE)).isEqualTo(Renewal.LOST);
        if (state == KeptState.DEAD) {
            assertThat(inbox().release(KEY, lease)).isFalse();
            assertThat(inbox().retry(KEY, lease, BACK_OFF)).isFalse();
        } else {
            assertThat(inbox().bury(KEY, lease, "late", KEEP)).isFalse();
        }
        assertThat(found().state()).isEqualTo(state.found);
    }

    // ---- settle

    @Test
    void settleThenAnswerIsErased() {
        expect();
        long lease = accepted();
        assertThat(inbox().settle(KEY, lease)).isTrue();
        assertThat(inbox().settle(KEY, lease)).isTrue();
        assertThat(found()).satisfies(settled -> {
            assertThat(settled.state()).isEqualTo(StoredCallback.State.SETTLED);
            assertThat(settled.attempts()).isZero();
            assertThat(settled.age()).isNull();
        });
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
        advance(LEASE);
        assertThat(takeDue()).isEmpty();
        assertThat(inbox().retry(KEY, lease, Duration.ZERO)).isFalse();
    }

    @Test
    void settleThenRememberedAsLongAsTheClaimNeedsAndNotAsLongAsTheAnswerWasKept() {
        expect();
        inbox().settle(KEY, accepted());
        advanceToJustBefore(TTL);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
        advance(margin());
        assertThat(inbox().find(KEY)).isEmpty();
    }

    /** A reply that was lost is asked for again, long after the callback's own time is over. */
    @Test
    void settleWhenAskedAgainBeforeItsLeaseEndsThenRecognized() {
        expect();
        accepted();
        advance(TTL.plus(TTL));
        DueAnswer due = taken();
        assertThat(inbox().settle(KEY, due.lease())).isTrue();
        advanceToJustBefore(LEASE);
        assertThat(inbox().settle(KEY, due.lease())).isTrue();
        advance(margin());
        assertThat(inbox().find(KEY)).isEmpty();
    }

    // ---- how long an answer is kept

    @Test
    void acceptThenAnswerIsKeptLongAfterTaskAndClaimAreOver() {
        expect();
        accepted();
        advanceToJustBefore(KEEP);
        assertThat(taken().answer()).isEqualTo(ANSWER);
    }

    @Test
    void acceptWhenKeepIsOverThenForgotten() {
        expect();
        accepted();
        advance(KEEP);
        assertThat(takeDue()).isEmpty();
        assertThat(inbox().find(KEY)).isEmpty();
        expect();
        assertThat(attempt().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void acceptWhenKeepIsShorterThanTheClaimNeedsThenCallbackIsStillRemembered() {
        expect();
        attempt().accept(ANSWER, Duration.ofSeconds(10));
        advanceToJustBefore(TTL);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    // ---- dead entries

    @Test
    void buryThenListedAndNeverDue() {
        expect();
        long lease = accepted();
        assertThat(inbox().bury(KEY, lease, "six attempts failed", KEEP)).isTrue();
        assertThat(inbox().bury(KEY, lease, "six attempts failed", KEEP)).isTrue();
        advance(LEASE.plus(TTL));
        assertThat(takeDue()).isEmpty();
        assertThat(inbox().dead(10, null)).satisfies(page -> {
            assertThat(page.next()).isNull();
            assertThat(page.entries()).singleElement().satisfies(dead -> {
                assertThat(dead.key()).isEqualTo(KEY);
                assertThat(dead.taskId()).isEqualTo(ID);
                assertThat(dead.attempts()).isEqualTo(1);
                assertThat(dead.reason()).isEqualTo("six attempts failed");
                assertAbout(dead.age(), LEASE.plus(TTL));
            });
        });
    }

    @Test
    void buryWhenReasonIsOfAnyCharactersThenShownAsItWas() {
        expect();
        String reason = "java.lang.IllegalStateException: it's \"50 %\" done; é€ " + "x".repeat(146);
        inbox().bury(KEY, accepted(), reason, KEEP);
        assertThat(found().reason()).isEqualTo(reason);
    }

    @Test
    void buryThenKeptUntilItsTimeIsOver() {
        expect();
        long lease = accepted();
        Duration week = Duration.ofDays(7);
        inbox().bury(KEY, lease, "six attempts failed", week);
        advanceToJustBefore(week);
        assertThat(allDead(10)).hasSize(1);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
        advance(margin());
        assertThat(allDead(10)).isEmpty();
        assertThat(inbox().find(KEY)).isEmpty();
        assertThat(inbox().replay(KEY, KEEP)).isFalse();
        assertThat(inbox().discard(KEY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 10})
    void deadThenEachEntryIsOnOnePage(int pageSize) {
        for (int i = 0; i < 7; i++) {
            expect(key(i), null);
            inbox().bury(key(i), accepted(key(i), ANSWER), "reason " + i, KEEP);
        }
        expect();
        accepted();
        assertThat(allDead(pageSize))
                .extracting(StoredCallback::key)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 7).mapToObj(StoreContract::key).toList());
    }

    @Test
    void deadWhenEntriesGoBetweenPagesThenTheOthersAreListedOnce() {
        for (int i = 0; i < 6; i++) {
            expect(key(i), null);
            inbox().bury(key(i), accepted(key(i), ANSWER), "reason", KEEP);
        }
        DeadPage first = inbox().dead(3, null);
        assertThat(first.entries()).hasSize(3);
        first.entries().forEach(dead -> assertThat(inbox().discard(dead.key())).isTrue());
        DeadPage second = inbox().dead(3, first.next());
        assertThat(second.entries())
                .extracting(StoredCallback::key)
                .hasSize(3)
                .doesNotContainAnyElementsOf(
                        first.entries().stream().map(StoredCallback::key).toList());
    }

    @Test
    void replayThenDueAtOnceAndAttemptsCountFromTheBeginning() {
        bring(KeptState.DEAD);
        assertThat(inbox().replay(KEY, KEEP)).isTrue();
        assertThat(inbox().replay(KEY, KEEP)).isFalse();
        assertThat(allDead(10)).isEmpty();
        DueAnswer due = taken();
        assertThat(due.attempts()).isEqualTo(1);
        assertThat(due.answer()).isEqualTo(ANSWER);
        assertThat(inbox().settle(KEY, due.lease())).isTrue();
    }

    @Test
    void replayThenAnswerIsKeptAsLongAsAsked() {
        expect();
        inbox().bury(KEY, accepted(), "six attempts failed", Duration.ofSeconds(1));
        inbox().replay(KEY, KEEP.plus(KEEP));
        advanceToJustBefore(KEEP.plus(KEEP));
        assertThat(taken().answer()).isEqualTo(ANSWER);
    }

    @Test
    void discardThenSettledAndAnswerIsErased() {
        bring(KeptState.DEAD);
        assertThat(inbox().discard(KEY)).isTrue();
        assertThat(inbox().discard(KEY)).isFalse();
        assertThat(inbox().replay(KEY, KEEP)).isFalse();
        assertThat(allDead(10)).isEmpty();
        assertThat(takeDue()).isEmpty();
        assertThat(found().state()).isEqualTo(StoredCallback.State.SETTLED);
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
        advance(TTL);
        assertThat(inbox().find(KEY)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = KeptState.class, mode = EnumSource.Mode.EXCLUDE, names = "DEAD")
    void replayAndDiscardWhenNotDeadThenFalseAndNothingChanges(KeptState state) {
        bring(state);
        assertThat(inbox().replay(KEY, KEEP)).isFalse();
        assertThat(inbox().discard(KEY)).isFalse();
        assertThat(found().state()).isEqualTo(state.found);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void replayAndDiscardWhenNoAnswerIsKeptThenFalse(State state) {
        bring(state);
        assertThat(inbox().replay(KEY, KEEP)).isFalse();
        assertThat(inbox().discard(KEY)).isFalse();
        assertThat(attempt().claim()).isEqualTo(state.next());
    }

    // ---- find and depth

    @Test
    void findWhenNeverExpectedThenEmpty() {
        assertThat(inbox().find(KEY)).isEmpty();
    }

    @Test
    void findWhenExpectedThenShowsWhetherItsIdIsBound() {
        expect();
        assertThat(found().taskId()).isNull();
        inbox().bind(KEY, ID);
        assertFound(StoredCallback.State.EXPECTED, TTL);
        assertThat(found().taskId()).isEqualTo(ID);
        assertThat(found().attempts()).isZero();
        assertThat(found().age()).isNull();
        assertThat(found().reason()).isNull();
    }

    @Test
    void findThenStateIsByTheStoresClock() {
        expect();
        long lease = claimed();
        assertFound(StoredCallback.State.IN_PROGRESS, LEASE);
        advance(LEASE);
        assertThat(found().state()).isEqualTo(StoredCallback.State.EXPECTED);
        assertThat(inbox().settle(KEY, lease)).isTrue();
        assertFound(StoredCallback.State.SETTLED, TTL.minus(LEASE));
    }

    @Test
    void findWhenAnswerIsKeptThenShowsAttemptsAndAge() {
        expect();
        long lease = accepted();
        assertFound(StoredCallback.State.IN_PROGRESS, LEASE);
        advance(Duration.ofSeconds(10));
        inbox().retry(KEY, lease, BACK_OFF);
        assertFound(StoredCallback.State.WAITING, BACK_OFF);
        assertThat(found().attempts()).isEqualTo(1);
        assertAbout(found().age(), Duration.ofSeconds(10));
        advance(BACK_OFF.plusSeconds(10));
        assertFound(StoredCallback.State.WAITING, Duration.ZERO);
        DueAnswer due = taken();
        assertThat(found().attempts()).isEqualTo(2);
        inbox().bury(KEY, due.lease(), "two attempts failed", KEEP);
        assertFound(StoredCallback.State.DEAD, KEEP);
        assertThat(found().reason()).isEqualTo("two attempts failed");
    }

    private void assertFound(StoredCallback.State state, Duration remaining) {
        StoredCallback found = found();
        assertThat(found.state()).isEqualTo(state);
        assertAbout(found.remaining(), remaining);
        assertThat(found.remaining()).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    /** A store need not count; one that does counts by the states at this moment. */
    @Test
    void depthThenCountsKeptAnswersByTheirStates() {
        Optional<InboxDepth> empty = inbox().depth();
        if (empty.isEmpty()) {
            return;
        }
        assertThat(empty).contains(new InboxDepth(0, 0, 0, 0, Duration.ZERO));
        for (int i = 0; i < 7; i++) {
            expect(key(i), null);
        }
        attempt().key(key(0)).claim();
        inbox().settle(key(1), accepted(key(1), ANSWER));
        accepted(key(2), ANSWER);
        inbox().retry(key(3), accepted(key(3), ANSWER), BACK_OFF.plus(BACK_OFF));
        inbox().release(key(4), accepted(key(4), ANSWER));
        inbox().retry(key(5), accepted(key(5), ANSWER), Duration.ofSeconds(5));
        inbox().bury(key(6), accepted(key(6), ANSWER), "reason", KEEP);
        advance(BACK_OFF);
        assertThat(inbox().depth()).get().satisfies(depth -> {
            assertThat(depth.inProgress()).isEqualTo(1);
            assertThat(depth.waiting()).isEqualTo(1);
            assertThat(depth.due()).isEqualTo(2);
            assertThat(depth.dead()).isEqualTo(1);
            assertAbout(depth.oldestDue(), BACK_OFF);
        });
        advance(KEEP);
        assertThat(inbox().depth()).contains(new InboxDepth(0, 0, 0, 0, Duration.ZERO));
    }

    // ---- several threads, and several store objects if the fixture opens them

    @Test
    void acceptWhenManyThreadsAcceptOneKeyThenOneHasItAndItsAnswerIsKept() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            List<Callable<Result>> acceptances = IntStream.range(0, THREADS)
                    .<Callable<Result>>mapToObj(
                            i -> () -> attempt().key(key).fingerprint("f" + i).accept("answer " + i, KEEP))
                    .toList();
            List<Result> outcomes = Race.run(acceptances);
            assertOneClaimed(outcomes, Result.SETTLED_BY_ANOTHER);
            advance(LEASE);
            DueAnswer due = taken();
            assertThat(due.answer()).isEqualTo("answer " + outcomes.indexOf(Result.CLAIMED));
            assertThat(inbox().settle(key, due.lease())).isTrue();
        }
    }

    @Test
    void takeDueWhenManyThreadsTakeThenEachAnswerIsTakenOnce() throws Exception {
        int answers = 200;
        for (int i = 0; i < answers; i++) {
            expect(key(i), null);
            inbox().release(key(i), accepted(key(i), ANSWER));
        }
        List<List<DueAnswer>> taken = Race.run(8, () -> {
            List<DueAnswer> all = new ArrayList<>();
            List<DueAnswer> due = inbox().takeDue(newLease(), 7, LEASE);
            while (!due.isEmpty()) {
                all.addAll(due);
                due = inbox().takeDue(newLease(), 7, LEASE);
            }
            return all;
        });
        Map<String, Long> times = taken.stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(DueAnswer::key, Collectors.counting()));
        assertThat(times.values()).containsOnly(1L);
        // A store may skip what another thread is taking at the moment. That is not lost.
        long rest = inbox().takeDue(newLease(), answers, LEASE).size();
        assertThat(times.size() + rest).isEqualTo(answers);
    }

    @Test
    void settleWhenAnswerIsTakenAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        raceWithTaking(key -> lease -> inbox().settle(key, lease));
    }

    @Test
    void retryWhenAnswerIsTakenAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        raceWithTaking(key -> lease -> inbox().retry(key, lease, TTL));
    }

    @Test
    void buryWhenAnswerIsTakenAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        raceWithTaking(key -> lease -> inbox().bury(key, lease, "reason", KEEP));
    }

    private void raceWithTaking(Function<String, Function<Long, Boolean>> ending) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            long lease = accepted(key, ANSWER);
            advance(LEASE);
            List<Boolean> results = Race.run(List.<Callable<Boolean>>of(
                    () -> ending.apply(key).apply(lease),
                    () -> takeDue().stream().anyMatch(due -> due.key().equals(key))));
            boolean taken = results.get(1)
                    || takeDue().stream().anyMatch(due -> due.key().equals(key));
            assertThat(taken).as("round %d", round).isEqualTo(!results.get(0));
            inbox().find(key)
                    .filter(found -> taken)
                    .ifPresent(found -> assertThat(found.attempts()).isEqualTo(2));
            forget(key);
        }
    }

    /** Lets the next round begin without an answer that is due. */
    private void forget(String key) {
        advance(TTL.plus(TTL));
        for (DueAnswer due : takeDue()) {
            inbox().settle(due.key(), due.lease());
        }
        inbox().discard(key);
    }

    @Test
    void replayAndDiscardWhenDoneAtTheSameTimeThenOneOfTheTwoHappens() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = key(round);
            expect(key, null);
            inbox().bury(key, accepted(key, ANSWER), "reason", KEEP);
            List<Boolean> results =
                    Race.run(List.<Callable<Boolean>>of(() -> inbox().replay(key, KEEP), () -> inbox().discard(key)));
            assertThat(results).containsExactlyInAnyOrder(true, false);
        }
    }

    // ---- what it shows

    @Test
    void toStringThenShowsNoAnswer() {
        bring(KeptState.RELEASED);
        DueAnswer due = taken();
        assertThat(due.toString()).contains(KEY).doesNotContain("answer").doesNotContain("03AGdBq27");
        assertThat(found().toString()).doesNotContain("03AGdBq27");
        assertThat(store.toString()).doesNotContain("03AGdBq27").doesNotContain(KEY);
    }
}
