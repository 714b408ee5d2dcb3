package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Lets a service send callbacks to several nodes at once, again and again until each is accepted, while something disturbs the
 * nodes. Then it looks at all that happened:
 *
 * <ul>
 *   <li>no two callers had one claim at the same time, within its lease;
 *   <li>after a claim was settled, nobody got one for the same key;
 *   <li>every callback was accepted in the end.
 * </ul>
 *
 * <p>What each sender does follows from the seed; which of them is faster does not.
 */
public final class StoreHistory {

    private static final Duration LEASE = Duration.ofMillis(400);
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** Stores count milliseconds, so a lease may be shorter by one. */
    private static final Duration ROUNDING = Duration.ofMillis(2);

    private static final int SENDERS_EACH = 3;

    /**
     * A claim as its holder saw it. Times are those of {@link System#nanoTime()}.
     *
     * @param asked before the store was asked for it
     * @param had when the holder was told that it had it
     * @param ended when the holder began to give it up, or when the lease was over at the earliest
     * @param settled when the holder was told that it is settled; {@link Long#MAX_VALUE} if it was not
     */
    private record Holding(String key, long lease, long asked, long had, long ended, long settled) {}

    private final List<? extends CallbackStore> nodes;
    private final long seed;
    private final AtomicLong leases = new AtomicLong();
    private final ConcurrentLinkedQueue<Holding> holdings = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> accepted = new ConcurrentHashMap<>();

    /**
     * Makes a history that has not begun.
     *
     * @param nodes store objects on the same data
     * @param seed decides what each sender does
     */
    public StoreHistory(List<? extends CallbackStore> nodes, long seed) {
        this.nodes = nodes;
        this.seed = seed;
    }

    /** Says how it went, for those who read the output of the tests. */
    public record Summary(int callbacks, int claims, int settled) {}

    /** Sends so many callbacks until all are accepted, and checks what happened. */
    public Summary run(int callbacks) throws Exception {
        List<String> keys = IntStream.range(0, callbacks)
                .mapToObj(i -> "history-" + seed + "-" + i)
                .toList();
        for (String key : keys) {
            expect(key);
        }
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS_EACH * nodes.size());
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < SENDERS_EACH * nodes.size(); i++) {
                CallbackStore node = nodes.get(i % nodes.size());
                Random random = new Random(seed * 31 + i);
                tasks.add(() -> send(keys, node, random));
            }
            for (Future<Boolean> sender : senders.invokeAll(tasks, PATIENCE.toSeconds() + 10, TimeUnit.SECONDS)) {
                assertThat(sender.get())
                        .as("all callbacks were accepted in time; seed %d", seed)
                        .isTrue();
            }
        } finally {
            senders.shutdownNow();
        }
        check(keys);
        return new Summary(callbacks, holdings.size(), (int)
                holdings.stream().filter(StoreHistory::isSettled).count());
    }

    private void expect(String key) {
        while (true) {
            try {
                nodes.get(0).expect(key, null, KEEP);
                return;
            } catch (IllegalStateException e) {
                // An earlier attempt did it, and its answer was lost more than once.
                return;
            } catch (CallbackStoreException e) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean send(List<String> keys, CallbackStore node, Random random) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (accepted.size() < keys.size() && System.nanoTime() < deadline) {
            String key = keys.get(random.nextInt(keys.size()));
            if (!accepted.containsKey(key)) {
                deliver(key, node, random);
            }
        }
        return accepted.size() == keys.size();
    }

    private void deliver(String key, CallbackStore node, Random random) {
        long lease = leases.incrementAndGet();
        ClaimRequest request = new ClaimRequest(key, "task", "fingerprint", lease, LEASE, KEEP);
        long asked = System.nanoTime();
        ClaimOutcome outcome;
        try {
            outcome = node.claim(request);
        } catch (CallbackStoreException e) {
            release(key, node, lease);
            return;
        }
        if (outcome instanceof ClaimOutcome.Settled) {
            accepted.put(key, true);
        }
        if (!(outcome instanceof ClaimOutcome.Claimed)) {
            return;
        }
        long had = System.nanoTime();
        long leaseOver = asked + LEASE.toNanos();
        int choice = random.nextInt(10);
        long ended = Math.min(System.nanoTime(), leaseOver);
        if (choice == 0) {
            // A crash: the lease runs out.
            holdings.add(new Holding(key, lease, asked, had, leaseOver, Long.MAX_VALUE));
        } else if (choice <= 2) {
            release(key, node, lease);
            holdings.add(new Holding(key, lease, asked, had, ended, Long.MAX_VALUE));
        } else {
            boolean settled = settle(key, node, lease);
            holdings.add(new Holding(
                    key, lease, asked, had, settled ? leaseOver : ended, settled ? System.nanoTime() : Long.MAX_VALUE));
            if (settled) {
                accepted.put(key, true);
            }
        }
    }

    private static void release(String key, CallbackStore node, long lease) {
        try {
            node.release(key, lease);
        } catch (CallbackStoreException e) {
            // The lease runs out.
        }
    }

    private static boolean settle(String key, CallbackStore node, long lease) {
        try {
            return node.settle(key, lease);
        } catch (CallbackStoreException e) {
            return false;
        }
    }

    private static boolean isSettled(Holding holding) {
        return holding.settled() != Long.MAX_VALUE;
    }

    private void check(List<String> keys) {
        for (String key : keys) {
            List<Holding> own = holdings.stream()
                    .filter(holding -> holding.key().equals(key))
                    .toList();
            for (Holding one : own) {
                for (Holding other : own) {
                    boolean meanwhile = other.had() >= one.had() && other.had() < one.ended() - ROUNDING.toNanos();
                    assertThat(one.lease() != other.lease() && meanwhile)
                            .as("two holders, seed %d: %s and %s", seed, one, other)
                            .isFalse();
                    assertThat(other.asked() > one.settled())
                            .as("claimed after it was settled, seed %d: %s and %s", seed, one, other)
                            .isFalse();
                }
            }
            assertThat(own.stream().filter(StoreHistory::isSettled).count())
                    .as("settled at most once, seed %d: %s", seed, key)
                    .isLessThanOrEqualTo(1);
        }
    }
}
