package io.github.captchacallback.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.Race;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets three nodes take callbacks while their connections fail at random, writes down what each was told, and checks that: no
 * callback had two holders at once, none was accepted after it was settled, and each that its service sends again was accepted in
 * the end. The faults are chosen by a seed; when they meet a step is up to the threads.
 */
class JdbcHistoryIT {

    private static final int NODES = 3;
    private static final int CALLBACKS = 25;
    private static final Duration LEASE = Duration.ofMillis(400);
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Duration KEEP = Duration.ofHours(1);
    private static final AtomicLong LEASES = new AtomicLong();

    /** What a holder was told: it may work on the callback from one moment to the other. */
    private record Holding(String key, long lease, long from, long to) {}

    private final Map<String, Long> settledAt = new ConcurrentHashMap<>();
    private final Map<String, Long> settledBy = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Holding> holdings = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void claimsOnPostgresqlThenHistoryIsSound(long seed) throws Exception {
        check(JdbcPlatform.POSTGRESQL, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = 3)
    @EnabledIf("io.github.captchacallback.store.jdbc.TestServer#isMariadbInstalled")
    void claimsOnMariadbThenHistoryIsSound(long seed) throws Exception {
        check(JdbcPlatform.MARIADB, seed);
    }

    private void check(JdbcPlatform platform, long seed) throws Exception {
        TestServer server = TestServer.of(platform);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            List<FaultProxy> proxies = new ArrayList<>();
            List<CallbackStore> nodes = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                FaultProxy proxy = server.proxy();
                HikariDataSource pool = server.pool(proxy.port(), config -> {
                    config.setMaximumPoolSize(4);
                    config.setConnectionTimeout(5_000);
                    config.setValidationTimeout(250);
                });
                CallbackStore node =
                        JdbcCallbackStore.builder(pool).timeout(TIMEOUT).open();
                proxies.add(proxy);
                nodes.add(node);
                opened.addAll(0, List.of(node, pool, proxy));
            }
            Thread faults = new Thread(() -> disturb(proxies, new Random(seed)));
            faults.start();
            Race.run(IntStream.range(0, CALLBACKS)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        String key = "history-" + platform + "-" + seed + "-" + i;
                        expect(nodes.get(i % NODES), key);
                        // The service sends each callback twice at once, to different nodes.
                        List<Callable<Boolean>> senders = List.of(
                                () -> send(nodes, key, new Random(seed * 1_000 + 2L * i)),
                                () -> send(nodes, key, new Random(seed * 1_000 + 2L * i + 1)));
                        return Race.run(senders).equals(List.of(true, true));
                    })
                    .toList());
            over.set(true);
            faults.join();
            assertThat(violations).isEmpty();
            assertThat(settledAt).hasSize(CALLBACKS);
            assertNoTwoHolders();
            assertThat(proxies.stream().mapToInt(FaultProxy::dropped).sum())
                    .as("replies that were lost")
                    .isPositive();
        } finally {
            over.set(true);
            for (AutoCloseable each : opened) {
                each.close();
            }
        }
    }

    private void disturb(List<FaultProxy> proxies, Random random) {
        while (!over.get()) {
            FaultProxy proxy = proxies.get(random.nextInt(proxies.size()));
            switch (random.nextInt(5)) {
                case 0, 1, 2 -> proxy.dropReply(1 + random.nextInt(4));
                case 3 -> proxy.reset();
                default -> {
                    proxy.blackHole();
                    pause(random.nextInt(400));
                    proxy.pass();
                }
            }
            pause(random.nextInt(20));
        }
        proxies.forEach(FaultProxy::pass);
    }

    private static void expect(CallbackStore node, String key) {
        while (true) {
            try {
                node.expect(key, null, KEEP);
                return;
            } catch (CallbackStoreException e) {
                // The submission fails, and is made again under another reference.
            } catch (IllegalStateException e) {
                return;
            }
        }
    }

    /** Sends a callback until it was accepted, as the service does, and reports whether that happened. */
    private boolean send(List<CallbackStore> nodes, String key, Random random) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            CallbackStore node = nodes.get(random.nextInt(nodes.size()));
            long lease = LEASES.incrementAndGet();
            long asked = System.nanoTime();
            try {
                ClaimOutcome outcome = node.claim(new ClaimRequest(key, "70123456789", "f", lease, LEASE, KEEP));
                if (outcome instanceof ClaimOutcome.Settled) {
                    settledAt.putIfAbsent(key, System.nanoTime());
                    return true;
                }
                if (outcome instanceof ClaimOutcome.Unknown) {
                    violations.add(key + " was forgotten");
                    return false;
                }
                if (outcome instanceof ClaimOutcome.Claimed && handle(node, key, lease, asked, random)) {
                    return true;
                }
            } catch (CallbackStoreException e) {
                release(node, key, lease);
            }
            pause(random.nextInt(30));
        }
        violations.add(key + " was never accepted");
        return false;
    }

    /** Works on a callback that was claimed, and ends the claim, or crashes. */
    private boolean handle(CallbackStore node, String key, long lease, long asked, Random random) {
        long from = System.nanoTime();
        Long settled = settledAt.get(key);
        if (settled != null && settled < asked) {
            violations.add(key + " was claimed after it was settled");
        }
        pause(random.nextInt(30));
        long to = Math.min(System.nanoTime(), asked + LEASE.toNanos());
        holdings.add(new Holding(key, lease, from, to));
        return switch (random.nextInt(4)) {
            case 0 -> false;
            case 1 -> {
                release(node, key, lease);
                yield false;
            }
            default -> settle(node, key, lease);
        };
    }

    private boolean settle(CallbackStore node, String key, long lease) {
        try {
            if (!node.settle(key, lease)) {
                return false;
            }
            settledAt.putIfAbsent(key, System.nanoTime());
            Long before = settledBy.putIfAbsent(key, lease);
            if (before != null && before != lease) {
                violations.add(key + " was settled twice");
            }
            return true;
        } catch (CallbackStoreException e) {
            // It may be settled: what the next claim is told decides.
            return false;
        }
    }

    private static void release(CallbackStore node, String key, long lease) {
        try {
            node.release(key, lease);
        } catch (CallbackStoreException e) {
            // The lease ends by itself.
        }
    }

    private void assertNoTwoHolders() {
        List<Holding> all = List.copyOf(holdings);
        for (Holding one : all) {
            for (Holding other : all) {
                if (one.lease != other.lease && one.key.equals(other.key)) {
                    assertThat(one.to <= other.from || other.to <= one.from)
                            .as("%s and %s are apart", one, other)
                            .isTrue();
                }
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
