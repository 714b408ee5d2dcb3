package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.FreePort;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills a primary that Sentinels watch, and counts what that costs. */
@Tag("slow")
class RedisSentinelIT {

    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final int SENDERS = 4;

    @Test
    void claimWhenThePrimaryIsKilledThenItsReplicaGoesOnAndDoublesAreFew() throws Exception {
        String sentinel = RedisServer.requireInstalled("redis-sentinel");
        try (RedisServer primary = RedisServer.start();
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + primary.port());
                RedisServer first = startSentinel(sentinel, primary);
                RedisServer second = startSentinel(sentinel, primary)) {
            replica.awaitUntil(redis -> redis.info("replication").contains("master_link_status:up"));
            // Until the replica has acknowledged its first copy, nothing later is sent to it.
            primary.awaitUntil(redis -> {
                redis.set("first", "write");
                return redis.waitForReplication(1, 1_000) == 1;
            });
            for (RedisServer each : List.of(first, second)) {
                each.awaitUntil(redis -> {
                    String info = redis.info("sentinel");
                    return info.contains("slaves=1") && info.contains("sentinels=2");
                });
            }
            RedisURI uri = RedisURI.Builder.sentinel("127.0.0.1", first.port(), "callbacks")
                    .withSentinel("127.0.0.1", second.port())
                    .build();
            try (RedisCallbackStore store = RedisCallbackStore.builder(List.of(uri))
                    .timeout(Duration.ofSeconds(1))
                    .open()) {
                killUnderLoad(store, primary);
            }
        }
    }

    private static RedisServer startSentinel(String executable, RedisServer primary) throws IOException {
        String configuration = """
                sentinel monitor callbacks 127.0.0.1 %d 2
                sentinel down-after-milliseconds callbacks 500
                sentinel failover-timeout callbacks 3000
                """.formatted(primary.port());
        return RedisServer.startWithFile(executable, FreePort.find(), configuration);
    }

    /** Sends each callback again until it is settled, and once more after the failover. */
    private static void killUnderLoad(RedisCallbackStore store, RedisServer primary) throws Exception {
        AtomicLong leases = new AtomicLong();
        AtomicLong numbers = new AtomicLong();
        AtomicInteger failures = new AtomicInteger();
        Map<String, Integer> acceptances = new ConcurrentHashMap<>();
        AtomicLong end = new AtomicLong(Long.MAX_VALUE);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        for (int i = 0; i < SENDERS; i++) {
            senders.execute(() -> {
                while (System.nanoTime() < end.get()) {
                    String key = "callback-" + numbers.incrementAndGet();
                    send(store, key, leases.incrementAndGet(), acceptances, failures);
                }
            });
        }
        while (acceptances.size() < 500) {
            Thread.onSpinWait();
        }
        primary.kill();
        int before = acceptances.size();
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (acceptances.size() < before + 500) {
            assertThat(System.nanoTime()).as("recovered without a restart").isLessThan(deadline);
            Thread.onSpinWait();
        }
        end.set(System.nanoTime());
        senders.shutdown();
        assertThat(senders.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        for (String key : List.copyOf(acceptances.keySet())) {
            send(store, key, leases.incrementAndGet(), acceptances, failures);
        }
        long doubled = acceptances.values().stream().filter(times -> times > 1).count();
        System.out.println("Sentinel failover: " + acceptances.size() + " callbacks accepted, " + doubled
                + " of them twice; " + failures + " steps failed meanwhile");
        // What was not yet replicated is forgotten; no more than a second of it.
        assertThat(doubled).isLessThan(before);
        assertThat(failures.get()).isPositive();
    }

    private static void send(
            RedisCallbackStore store,
            String key,
            long lease,
            Map<String, Integer> acceptances,
            AtomicInteger failures) {
        ClaimRequest request = new ClaimRequest(key, "task", "fingerprint", lease, Duration.ofSeconds(30), KEEP);
        try {
            if (store.claimUnseen(request) instanceof ClaimOutcome.Claimed && store.settle(key, lease)) {
                acceptances.merge(key, 1, Integer::sum);
            }
        } catch (CallbackStoreException e) {
            failures.incrementAndGet();
        }
    }
}
