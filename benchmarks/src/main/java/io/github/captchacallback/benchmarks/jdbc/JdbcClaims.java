package io.github.captchacallback.benchmarks.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.jdbc.JdbcCallbackStore;
import io.github.captchacallback.store.jdbc.JdbcPlatform;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares a claim with its floor: one {@code UPDATE} by primary key, over the same pool, in the same run. Both take fresh rows,
 * turn by turn, so that what else the machine does meets both alike. The table is emptied.
 */
public final class JdbcClaims {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(10);
    private static final int POOL = 10;
    private static final int CONNECTIONS = 8;
    private static final int ROUNDS = 7;
    private static final int PER_ROUND = 6_000;
    private static final int[] THREADS = {1, 8, 32};
    private static final String FLOOR =
            "update captcha_callback set state = 1, lease = ?, lease_until = ? where callback_key = ?";

    private final HikariDataSource pool;
    private final JdbcCallbackStore store;
    private final AtomicInteger keys = new AtomicInteger();

    private JdbcClaims(HikariDataSource pool, JdbcCallbackStore store) {
        this.pool = pool;
        this.store = store;
    }

    /**
     * Measures, and prints a table.
     *
     * @param url the URL of a PostgreSQL database, with user and password
     */
    public static void measure(String url) throws SQLException, InterruptedException, ExecutionException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            createTable(pool);
            try (JdbcCallbackStore store = JdbcCallbackStore.builder(pool)
                    .connections(CONNECTIONS)
                    .timeout(Duration.ofSeconds(30))
                    .open()) {
                new JdbcClaims(pool, store).measure();
            }
        }
    }

    private static void createTable(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : JdbcPlatform.POSTGRESQL
                    .readSchemaScript()
                    .replaceAll("(?m)^--.*$", "")
                    .split(";", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            statement.execute("truncate captcha_callback");
        }
    }

    private void measure() throws SQLException, InterruptedException, ExecutionException {
        round(8, this::claim);
        round(8, this::update);
        System.out.printf("%n%-8s %14s %14s %10s%n", "threads", "UPDATE/s", "claims/s", "time ratio");
        for (int threads : THREADS) {
            double[] updates = new double[ROUNDS];
            double[] claims = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                updates[i] = round(threads, this::update);
                claims[i] = round(threads, this::claim);
            }
            System.out.printf(
                    "%-8d %14.0f %14.0f %10.2f%n",
                    threads, median(updates), median(claims), median(updates) / median(claims));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private interface Operation {
        void on(String key) throws SQLException;
    }

    private void claim(String key) {
        ClaimRequest request = new ClaimRequest(key, "70123456789", "", key.hashCode(), LEASE, KEEP);
        if (!(store.claim(request) instanceof ClaimOutcome.Claimed)) {
            throw new IllegalStateException("A fresh callback was not claimed");
        }
    }

    private void update(String key) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(FLOOR)) {
            statement.setLong(1, key.hashCode());
            statement.setLong(2, key.length());
            statement.setString(3, key);
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("A fresh row was not updated");
            }
        }
    }

    /** Runs an operation on rows that nothing has touched yet, and returns how many were done a second. */
    private double round(int threads, Operation operation)
            throws SQLException, InterruptedException, ExecutionException {
        List<String> fresh = insert();
        AtomicInteger next = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(executor.submit(() -> {
                    start.await();
                    for (int n; (n = next.getAndIncrement()) < fresh.size(); ) {
                        operation.on(fresh.get(n));
                    }
                    return null;
                }));
            }
            long begin = System.nanoTime();
            start.countDown();
            for (Future<?> worker : workers) {
                worker.get();
            }
            return PER_ROUND * 1e9 / (System.nanoTime() - begin);
        } finally {
            executor.shutdownNow();
        }
    }

    private List<String> insert() throws SQLException {
        List<String> fresh = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "insert into captcha_callback (callback_key, state, lease_until, remembered_until, expires_at, attempts)"
                                + " values (?, 0, 0, 4102444800000, 4102444800000, 0)")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < PER_ROUND; i++) {
                String key = Integer.toHexString(keys.incrementAndGet() * 0x9E3779B1) + "-of-the-benchmark";
                fresh.add(key);
                statement.setString(1, key);
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
            connection.setAutoCommit(true);
        }
        return fresh;
    }
}
