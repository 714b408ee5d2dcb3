package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.captchacallback.Race;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Tests a store whose capacity is exact: it never has more entries than that, refuses new ones if it is full, and counts what it
 * refuses by. A store that only samples, or whose engine has the limit, does not extend this.
 */
public abstract class CapacityContract extends StoreContract {

    /** Makes the test of a store. */
    protected CapacityContract() {}

    private void fill(int entries) {
        for (int i = 0; i < entries; i++) {
            expect(key(i), null);
        }
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
        openStoreOfCapacity(10);
        fill(10);
        for (int i = 0; i < 100; i++) {
            assertFull();
        }
        for (int i = 0; i < 10; i++) {
            Attempt attempt = attempt().key(key(i));
            assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
            assertThat(store.settle(key(i), attempt.lease())).isTrue();
        }
        assertFull();
        for (int i = 0; i < 10; i++) {
            assertThat(attempt().key(key(i)).claim()).isEqualTo(Result.REPEATED);
        }
    }

    @Test
    void expectWhenEntriesHaveExpiredThenThereIsRoomForAsManyAgain() {
        openStoreOfCapacity(10);
        for (int round = 0; round < 3; round++) {
            fill(10);
            assertFull();
            advance(TTL.plus(CLEANING));
        }
    }

    @Test
    void expectWhenExpiredKeysAreUsedAgainThenTheyCountOnce() {
        openStoreOfCapacity(10);
        for (int round = 0; round < 20; round++) {
            fill(5);
            advance(TTL);
        }
        advance(CLEANING);
        fill(10);
        assertFull();
    }

    @Test
    void expectWhenSettledEntriesHaveExpiredThenThereIsRoomAgain() {
        openStoreOfCapacity(1);
        expect();
        settled();
        advance(TTL.plus(CLEANING));
        assertThatNoException().isThrownBy(() -> expect(OTHER_KEY, null));
    }

    @Test
    void expectWhenEntriesWereAbandonedThenThereIsRoomAgain() {
        openStoreOfCapacity(10);
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
        openStoreOfCapacity(2);
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
        openStoreOfCapacity(2);
        for (int i = 0; i < 100; i++) {
            attempt().key(OTHER_KEY).unseen().claim();
        }
        assertThatNoException().isThrownBy(() -> expect(key(0), null));
        assertFull();
    }

    @Test
    void claimWhenFullThenKnownKeysAreJudgedAllTheSame() {
        openStoreOfCapacity(1);
        assertThat(attempt().unseen().claim()).isEqualTo(Result.CLAIMED);
        for (int i = 0; i < 100; i++) {
            assertThat(attempt().unseen().claim()).isEqualTo(Result.IN_PROGRESS);
            assertThat(attempt().taskId(OTHER_ID).unseen().claim()).isEqualTo(Result.UNKNOWN);
        }
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> attempt().key(OTHER_KEY).unseen().claim());
        advance(TTL.plus(CLEANING));
        assertThat(attempt().key(OTHER_KEY).unseen().claim()).isEqualTo(Result.CLAIMED);
    }

    @Test
    void acceptWhenFullThenThrowsAndAnswersOfKnownKeysAreKept() {
        openStoreOfCapacity(1);
        if (!(store instanceof CallbackInbox inbox)) {
            return;
        }
        expect(OTHER_KEY, null);
        assertThatExceptionOfType(CallbackStoreFullException.class)
                .isThrownBy(() -> attempt().unseen().accept("the answer", TTL))
                .withMessageNotContaining("answer");
        Attempt known = attempt().key(OTHER_KEY).unseen();
        assertThat(known.accept("the answer", TTL)).isEqualTo(Result.CLAIMED);
        assertFull();
        assertThat(inbox.settle(OTHER_KEY, known.lease())).isTrue();
        assertFull();
    }

    // ---- how full it is

    private void assertUsed(long used) {
        assertThat(store.occupancy()).contains(new Occupancy(used, 10));
    }

    @Test
    void occupancyThenCountsEachKeyOnceAsLongAsItIsRemembered() {
        openStoreOfCapacity(10);
        assertUsed(0);
        fill(8);
        expect(OTHER_KEY, null);
        Attempt settled = attempt().key(OTHER_KEY);
        settled.claim();
        store.settle(OTHER_KEY, settled.lease());
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

        advance(TTL.plus(CLEANING));
        assertUsed(0);
    }

    // ---- several threads

    /** None may be told that another is at work, if then none has it. */
    @Test
    void claimWhenManyThreadsClaimOneUnseenKeyInAFullStoreThenAllLearnThatItIsFull() throws Exception {
        openStoreOfCapacity(1);
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
    void expectWhenManyThreadsFillTheStoreThenNeverMoreThanItsCapacity() throws Exception {
        int capacity = THREADS / 4;
        openStoreOfCapacity(capacity);
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
        openStoreOfCapacity(2);
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
}
