package io.github.captchacallback.benchmarks.store;

import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.ClaimOutcome;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/** Claims and releases keys that are expected, over and over: two changes of an entry, and none comes or goes. */
public final class ExpectedClaims {

    /** How many callbacks are under way for each thread. A power of two. */
    private static final int EXPECTED = 1 << 14;

    private ExpectedClaims() {}

    /** Claims and releases by one of several means. */
    @State(Scope.Benchmark)
    public abstract static class Means {

        final HandClock clock = new HandClock();

        private String[] keys = {};

        /** Expects as many callbacks for each thread. */
        @Setup
        public void prepare(BenchmarkParams params) {
            keys = Keys.references(EXPECTED * params.getThreads(), 0);
            expect(keys);
        }

        boolean cycle(Share share) {
            int number = share.next();
            if (!claim(keys[number], number) || !release(keys[number], number)) {
                throw new IllegalStateException("An expected key could not be claimed and released");
            }
            return true;
        }

        abstract void expect(String[] all);

        /** Claims a key, the one of that number. */
        abstract boolean claim(String key, int number);

        abstract boolean release(String key, int number);
    }

    /** Holds a thread's place among the keys, in a part that no other thread claims. */
    @State(Scope.Thread)
    public static class Share {

        private int first;
        private int next;

        /** Finds the thread's part. */
        @Setup
        public void prepare(ThreadParams thread) {
            first = EXPECTED * thread.getThreadIndex();
        }

        private int next() {
            next = (next + 1) & (EXPECTED - 1);
            return first + next;
        }
    }

    /** Keeps them in our store. */
    public static class OurStore extends Means {

        private final CaffeineCallbackStore store = new CaffeineCallbackStore(clock, 10_000_000);

        /** The lease of the last claim of each key: a released one cannot claim again. */
        private long[] leases = {};

        @Override
        void expect(String[] all) {
            leases = new long[all.length];
            for (String key : all) {
                store.expect(key, Remembered.TASK_ID, FreshClaims.OurStore.RETENTION);
            }
        }

        @Override
        boolean claim(String key, int number) {
            leases[number]++;
            return store.claim(FreshClaims.OurStore.request(key, leases[number])) instanceof ClaimOutcome.Claimed;
        }

        @Override
        boolean release(String key, int number) {
            return store.release(key, leases[number]);
        }
    }

    /** Keeps them in a map, and changes an entry where it stands. */
    abstract static class Mapped extends Means {

        abstract ConcurrentMap<String, Remembered> entries();

        @Override
        void expect(String[] all) {
            for (String key : all) {
                entries().put(key, Remembered.claimed(0, clock.millis()).released());
            }
        }

        @Override
        boolean claim(String key, int number) {
            long lease = key.hashCode();
            long now = clock.millis();
            Remembered winner = entries().compute(key, (same, known) -> {
                if (known == null) {
                    return null;
                }
                return known.claimed() ? known : Remembered.claimed(lease, now);
            });
            return winner != null && winner.lease() == lease;
        }

        @Override
        boolean release(String key, int number) {
            long lease = key.hashCode();
            Remembered left = entries()
                    .compute(key, (same, known) -> known == null || known.lease() != lease ? known : known.released());
            return left != null && !left.claimed();
        }
    }

    /** Keeps them in a cache with our store's configuration. */
    public static class BareCaffeine extends Mapped {

        private final ConcurrentMap<String, Remembered> entries = Remembered.inOurConfiguration(clock);

        @Override
        ConcurrentMap<String, Remembered> entries() {
            return entries;
        }
    }

    /** Keeps them in a map that forgets nothing. */
    public static class BareMap extends Mapped {

        private final ConcurrentMap<String, Remembered> entries = new ConcurrentHashMap<>();

        @Override
        ConcurrentMap<String, Remembered> entries() {
            return entries;
        }
    }
}
