package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a service send callbacks to several nodes at once, again and again until each is accepted, while something disturbs the
 * nodes. Then it looks at all that happened:
 *
 * <ul>
 *   <li>no two callers had one claim at the same time, within its lease;
 *   <li>after anybody was told that a callback is settled, nobody got a claim on it;
 *   <li>one claim at most was settled;
 *   <li>no callback was forgotten, and every one was accepted in the end.
 * </ul>
 *
 * <p>What each sender does follows from the seed; which of them is faster does not.
 */
public final class StoreHistory {

    private static final Duration LEASE = Duration.ofMillis(400);
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Stores count milliseconds, so a lease may be shorter by one. */
    private static final Duration ROUNDING = Duration.ofMillis(2);

    private static final int SENDERS_EACH = 3;
    private static final int REPEATS_ONE_OF = 4;
    /** An application works on a callback up to so long. */
    private static final int LONGEST_WORK_MILLIS = 20;

    /**
     * A claim as its holder saw it. Times are those of {@link System#nanoTime()}.
     *
     * @param asked before the store was asked for it
     * @param had when the holder was told that it had it
     * @param ended when the holder began to give it up or was told that it is settled, or when the lease was over at the
     *     earliest
     * @param settled whether the holder was told that it is settled
     */
    private record Holding(String key, long lease, long asked, long had, long ended, boolean settled) {}

    private final List<? extends CallbackStore> nodes;
    private final long seed;
    private final AtomicLong leases = new AtomicLong();
    private final ConcurrentLinkedQueue<Holding> holdings = new ConcurrentLinkedQueue<>();
    /** When somebody was first told that a callback is settled. */
    private final Map<String, Long> accepted = new ConcurrentHashMap<>();

    private final Set<String> forgotten = ConcurrentHashMap.newKeySet();

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

    /** Returns how it went, for those who read the output of the tests. */
    public record Summary(int callbacks, int claims, int settled) {}

    /**
     * Sends so many callbacks until all are accepted, and checks what happened.
     *
     * @throws AssertionError if the nodes broke a rule; its message names the rule
     */
    public Summary run(int callbacks) throws Exception {
        List<String> keys = IntStream.range(0, callbacks)
                .mapToObj(i -> "history-" + seed + "-" + i)
                .toList();
        for (String key : keys) {
            expect(key);
        }
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS_EACH * nodes.size());
        try {
            List<Callable<@Nullable Void>> tasks = new ArrayList<>();
            for (int i = 0; i < SENDERS_EACH * nodes.size(); i++) {
                CallbackStore node = nodes.get(i % nodes.size());
                Random random = new Random(seed * 31 + i);
                tasks.add(() -> send(keys, node, random));
            }
            for (Future<@Nullable Void> sender :
                    senders.invokeAll(tasks, PATIENCE.toSeconds() + 10, TimeUnit.SECONDS)) {
                sender.get();
            }
        } finally {
            senders.shutdownNow();
        }
        check(keys);
        return new Summary(callbacks, holdings.size(), (int)
                holdings.stream().filter(Holding::settled).count());
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

    private @Nullable Void send(List<String> keys, CallbackStore node, Random random) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (accepted.size() + forgotten.size() < keys.size() && System.nanoTime() < deadline) {
            String key = keys.get(random.nextInt(keys.size()));
            // Some callbacks are sent again although they were accepted: the service has not received the answer.
            if (!accepted.containsKey(key) || random.nextInt(REPEATS_ONE_OF) == 0) {
                deliver(key, node, random);
            }
        }
        return null;
    }

    private void deliver(String key, CallbackStore node, Random random) throws InterruptedException {
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
            accepted.putIfAbsent(key, System.nanoTime());
        }
        if (outcome instanceof ClaimOutcome.Unknown) {
            forgotten.add(key);
        }
        if (!(outcome instanceof ClaimOutcome.Claimed)) {
            return;
        }
        long had = System.nanoTime();
        long leaseOver = asked + LEASE.toNanos();
        Thread.sleep(random.nextInt(LONGEST_WORK_MILLIS));
        int choice = random.nextInt(10);
        long ended = Math.min(System.nanoTime(), leaseOver);
        if (choice == 0) {
            // A crash: the lease runs out.
            holdings.add(new Holding(key, lease, asked, had, leaseOver, false));
        } else if (choice <= 2) {
            release(key, node, lease);
            holdings.add(new Holding(key, lease, asked, had, ended, false));
        } else {
            boolean settled = settle(key, node, lease);
            if (settled) {
                accepted.putIfAbsent(key, System.nanoTime());
            }
            long given = settled ? Math.min(System.nanoTime(), leaseOver) : ended;
            holdings.add(new Holding(key, lease, asked, had, given, settled));
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

    private void check(List<String> keys) {
        List<String> violations = new ArrayList<>();
        for (String key : keys) {
            List<Holding> own = holdings.stream()
                    .filter(holding -> holding.key().equals(key))
                    .toList();
            check(key, own, violations);
        }
        assertThat(violations).as("violations, seed %d", seed).isEmpty();
    }

    private void check(String key, List<Holding> holders, List<String> violations) {
        Long acceptedAt = accepted.get(key);
        if (forgotten.contains(key)) {
            violations.add("forgotten: " + key);
        } else if (acceptedAt == null) {
            violations.add("not accepted in time: " + key);
        }
        for (Holding one : holders) {
            if (acceptedAt != null && one.asked() > acceptedAt) {
                violations.add("claimed after it was settled: " + one);
            }
            for (Holding other : holders) {
                boolean meanwhile = other.had() >= one.had() && other.had() < one.ended() - ROUNDING.toNanos();
                if (one.lease() != other.lease() && meanwhile) {
                    violations.add("two holders: " + one + " and " + other);
                }
            }
        }
        if (holders.stream().filter(Holding::settled).count() > 1) {
            violations.add("settled more than once: " + key);
        }
    }
}
