package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.FaultProxy;
import io.github.captchacallback.store.StoreHistory;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lets a service send callbacks to two nodes, while their connections are disturbed at random and scripts are forgotten. */
@Tag("slow")
class RedisHistoryIT {

    private static final int CALLBACKS = 150;

    private final RedisServer server = RedisServer.shared();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void claimWhenConnectionsAreDisturbedAtRandomThenNothingIsLostOrDoubled(long seed) throws Exception {
        // The classes of the client are loaded before there is a short timeout.
        RedisCallbackStore.builder(List.of(server.uri())).open().close();
        List<FaultProxy> proxies = List.of(server.proxy(), server.proxy());
        List<RedisCallbackStore> nodes = new ArrayList<>();
        for (FaultProxy proxy : proxies) {
            nodes.add(RedisCallbackStore.builder(List.of(RedisServer.uri(proxy.port())))
                    .keyPrefix("history-" + System.nanoTime() / 1_000_000_000 + "-" + seed + ":")
                    .timeout(Duration.ofMillis(200))
                    .open());
        }
        ExecutorService background = Executors.newSingleThreadExecutor();
        try {
            Future<?> disturbed = background.submit(() -> disturb(proxies, new Random(seed)));
            StoreHistory.Summary summary = new StoreHistory(nodes, seed).run(CALLBACKS);
            int dropped = proxies.stream().mapToInt(FaultProxy::dropped).sum();
            disturbed.cancel(true);
            System.out.println("Redis, seed " + seed + ": " + summary + ", " + dropped + " replies dropped");
        } finally {
            background.shutdownNow();
            nodes.forEach(RedisCallbackStore::close);
            for (FaultProxy proxy : proxies) {
                proxy.close();
            }
        }
    }

    private void disturb(List<FaultProxy> proxies, Random random) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                FaultProxy proxy = proxies.get(random.nextInt(proxies.size()));
                switch (random.nextInt(8)) {
                    case 0 -> proxy.reset();
                    case 1 -> {
                        proxy.blackHole();
                        Thread.sleep(random.nextInt(300));
                        proxy.pass();
                    }
                    case 2 -> server.ask(RedisCommands::scriptFlush);
                    case 3 -> proxy.delayReplies(Duration.ofMillis(random.nextInt(20)));
                    default -> proxy.dropReply(1 + random.nextInt(5));
                }
                Thread.sleep(random.nextInt(30));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
