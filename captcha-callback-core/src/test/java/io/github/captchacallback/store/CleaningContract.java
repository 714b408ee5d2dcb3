package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Race;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Tests what {@link CleanableStore} promises. That expiry does not depend on it is in {@link CallbackStoreContract}. */
public abstract class CleaningContract extends StoreContract {

    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final Duration NO_TIME = Duration.ofNanos(1);
    private static final int EXPIRED = 2_500;

    /** Makes the test of a store that has to be cleaned. */
    protected CleaningContract() {}

    private CleanableStore cleanable() {
        return (CleanableStore) anyStore();
    }

    private void expire(int entries) {
        for (int i = 0; i < entries; i++) {
            expect(key(i), null);
        }
        advance(TTL.plus(CLEANING));
    }

    @Test
    void cleaningIntervalThenPositive() {
        assertThat(cleanable().cleaningInterval()).isPositive();
    }

    @Test
    void cleanWhenNothingHasExpiredThenRemovesNothing() {
        for (State state : List.of(State.EXPECTED, State.SETTLED)) {
            bring(state);
            assertThat(cleanable().clean(BUDGET)).isEqualTo(new CleanableStore.Cleaning(0, false));
            assertThat(attempt().claim()).isEqualTo(state.next());
            advance(TTL.plus(CLEANING));
            assertThat(cleanable().clean(BUDGET)).isEqualTo(new CleanableStore.Cleaning(1, false));
        }
    }

    @Test
    void cleanThenRemovesWhatHasExpiredAndNothingElse() {
        expire(25);
        expect();
        settled();
        assertThat(cleanable().clean(BUDGET)).isEqualTo(new CleanableStore.Cleaning(25, false));
        assertThat(cleanable().clean(BUDGET)).isEqualTo(new CleanableStore.Cleaning(0, false));
        assertThat(attempt().claim()).isEqualTo(Result.REPEATED);
    }

    @Test
    void cleanWhenAnAnswerIsKeptThenRemovedWhenItsOwnTimeIsOver() {
        if (!(store instanceof CallbackInbox inbox)) {
            return;
        }
        expect();
        attempt().accept("the answer", Duration.ofDays(1));
        advance(TTL.plus(CLEANING));
        assertThat(cleanable().clean(BUDGET).removed()).isZero();
        assertThat(inbox.takeDue(newLease(), 10, LEASE)).hasSize(1);
        advance(Duration.ofDays(1));
        assertThat(cleanable().clean(BUDGET).removed()).isEqualTo(1);
    }

    @Test
    void cleanWhenBudgetIsUsedUpThenSaysThatThereIsMoreUntilAllIsRemoved() {
        expire(EXPIRED);
        CleanableStore.Cleaning cleaning = cleanable().clean(NO_TIME);
        assertThat(cleaning.removed()).isBetween(1L, EXPIRED - 1L);
        assertThat(cleaning.more()).isTrue();
        long removed = cleaning.removed();
        for (int calls = 0; cleaning.more() && calls < EXPIRED; calls++) {
            cleaning = cleanable().clean(NO_TIME);
            removed += cleaning.removed();
        }
        assertThat(removed).isEqualTo(EXPIRED);
    }

    @Test
    void cleanWhenSeveralCleanBesideTrafficThenNobodyIsDisturbedAndEachEntryIsRemovedOnce() throws Exception {
        expire(EXPIRED);
        Callable<Long> cleaner = () -> {
            long removed = 0;
            for (int i = 0; i < 10; i++) {
                removed += cleanable().clean(BUDGET).removed();
            }
            return removed;
        };
        Callable<Long> traffic = () -> {
            for (int i = 0; i < 200; i++) {
                String key = "fresh-" + newLease();
                expect(key, null);
                Attempt attempt = attempt().key(key);
                assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
                assertThat(anyStore().settle(key, attempt.lease())).isTrue();
            }
            return 0L;
        };
        List<Long> removed = Race.run(List.of(cleaner, cleaner, traffic, traffic));
        long rest = cleanable().clean(BUDGET).removed();
        assertThat(removed.stream().mapToLong(Long::longValue).sum() + rest).isEqualTo(EXPIRED);
    }
}
