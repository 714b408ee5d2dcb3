package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Opens the store for each test of a contract, and makes claims as most tests need them. The contracts extend this class; the
 * test of a store extends the contracts. Time moves only if a test moves it, or the clock of the store's server does.
 */
public abstract class StoreContract {

    static final Duration TTL = Duration.ofMinutes(5);
    static final Duration LEASE = Duration.ofSeconds(30);

    /** How long a full store may take to make the place of an expired entry free. The entry itself is gone on time. */
    static final Duration CLEANING = Duration.ofSeconds(5);

    static final int THREADS = 64;
    static final int ROUNDS = 50;

    static final String KEY = "3q2-7wAAECAwQFBgcICQoL";
    static final String OTHER_KEY = "AAAAAAAAAAAAAAAAAAAAAA";
    static final String ID = "70123456789";
    static final String OTHER_ID = "70123456780";

    private static final long DEFAULT_CAPACITY = 100_000;

    private final AtomicLong leases = new AtomicLong();
    private final AtomicLong turns = new AtomicLong();
    private StoreFixture fixture;
    private Duration elapsed = Duration.ZERO;
    private List<CallbackStore> stores;

    /** The store that is tested. */
    CallbackStore store;

    /** Makes the test of a store. */
    StoreContract() {}

    /** Returns what opens the store of one test. */
    protected abstract StoreFixture createFixture();

    /** Returns the capacity that the store of each test is opened with. */
    long capacity() {
        return DEFAULT_CAPACITY;
    }

    @BeforeEach
    void openStores() {
        open(capacity());
    }

    @AfterEach
    void closeStores() {
        stores.forEach(CallbackStore::close);
        fixture.close();
    }

    private void open(long capacity) {
        fixture = createFixture();
        store = fixture.open(capacity);
        stores = fixture.openAnother().map(another -> List.of(store, another)).orElse(List.of(store));
        elapsed = Duration.ZERO;
    }

    /** Puts a store of another capacity in place of the one that every test begins with. */
    void openStoreOfCapacity(long capacity) {
        closeStores();
        open(capacity);
    }

    /** Returns the store objects on the tested data by turns, so that a race runs over all of them. */
    CallbackStore anyStore() {
        return stores.get((int) (turns.getAndIncrement() % stores.size()));
    }

    void advance(Duration duration) {
        fixture.advance(duration);
        elapsed = elapsed.plus(duration);
    }

    /** Moves the time to so long after the beginning of the test. */
    void advanceTo(Duration sinceStart) {
        advance(sinceStart.minus(elapsed));
    }

    /** Moves the time as close to the end of a duration as the store can be tested, counted from now. */
    void advanceToJustBefore(Duration end) {
        advance(end.minus(margin()));
    }

    /** Returns how long before its end a time is looked at. */
    Duration margin() {
        return fixture.margin();
    }

    long newLease() {
        return leases.incrementAndGet();
    }

    static String key(int number) {
        return "key-number-%08d".formatted(number);
    }

    void expect() {
        expect(KEY, null);
    }

    void expect(String key, @Nullable String taskId) {
        anyStore().expect(key, taskId, TTL);
    }

    Attempt attempt() {
        return new Attempt();
    }

    /** Claims for the usual id, and returns the lease under which that is done. */
    long claimed() {
        Attempt attempt = attempt();
        assertThat(attempt.claim()).isEqualTo(Result.CLAIMED);
        return attempt.lease;
    }

    long settled() {
        long lease = claimed();
        assertThat(store.settle(KEY, lease)).isTrue();
        return lease;
    }

    /** A claim as most tests make it: by a one-time callback for an expected key, under a lease of its own. */
    final class Attempt {

        private String key = KEY;
        private String taskId = ID;
        private String fingerprint = "fingerprint";
        private long lease = newLease();
        private Duration leaseFor = LEASE;
        private Duration keep = TTL;
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

        Attempt leaseFor(Duration other) {
            this.leaseFor = other;
            return this;
        }

        Attempt keep(Duration other) {
            this.keep = other;
            return this;
        }

        Attempt unseen() {
            this.unseen = true;
            return this;
        }

        long lease() {
            return lease;
        }

        ClaimRequest request() {
            return new ClaimRequest(key, taskId, fingerprint, lease, leaseFor, keep);
        }

        Result claim() {
            return Result.of(outcome());
        }

        ClaimOutcome outcome() {
            return unseen ? anyStore().claimUnseen(request()) : anyStore().claim(request());
        }

        /** Claims the callback, and lets its answer be kept. */
        Result accept(String answer, Duration keepAnswer) {
            CallbackInbox inbox = (CallbackInbox) anyStore();
            return Result.of(
                    unseen
                            ? inbox.acceptUnseen(request(), answer, keepAnswer)
                            : inbox.accept(request(), answer, keepAnswer));
        }
    }

    /** The outcomes of a claim, without how long a lease still runs. */
    enum Result {
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
    enum State {
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

    void bring(State state) {
        expect();
        switch (state) {
            case EXPECTED -> {}
            case BOUND -> assertThat(store.bind(KEY, ID)).isEqualTo(Binding.BOUND);
            case CLAIMED -> claimed();
            case LAPSED -> {
                claimed();
                advance(LEASE);
            }
            case RELEASED -> assertThat(store.release(KEY, claimed())).isTrue();
            case SETTLED -> settled();
        }
    }

    static void assertOneClaimed(List<Result> outcomes, Result ofTheOthers) {
        assertThat(Collections.frequency(outcomes, Result.CLAIMED)).isEqualTo(1);
        assertThat(Collections.frequency(outcomes, ofTheOthers)).isEqualTo(outcomes.size() - 1);
    }
}
