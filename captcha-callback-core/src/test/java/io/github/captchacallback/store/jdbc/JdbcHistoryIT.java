package io.github.captchacallback.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.FaultProxy;
import io.github.captchacallback.store.StoreHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lets a service send callbacks to three nodes while their connections fail at random, as the seed has it. */
class JdbcHistoryIT {

    private static final int NODES = 3;
    private static final int CALLBACKS = 60;
    private static final Duration TIMEOUT = Duration.ofMillis(300);

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
            StoreHistory.Summary summary = new StoreHistory(nodes, seed).run(CALLBACKS);
            over.set(true);
            faults.join();
            int dropped = proxies.stream().mapToInt(FaultProxy::dropped).sum();
            assertThat(dropped).as("replies that were lost").isPositive();
            System.out.println(platform + ", seed " + seed + ": " + summary + ", " + dropped + " replies dropped");
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

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
