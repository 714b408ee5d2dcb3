package io.github.captchacallback.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.Race;
import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.DueAnswer;
import io.github.captchacallback.store.FaultProxy;
import io.github.captchacallback.store.Renewal;
import io.github.captchacallback.store.StoredCallback;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Disturbs the way to a real server: the store loses no claim, doubles none, lets nobody wait, and recovers. */
@Tag("slow")
class JdbcFaultsIT {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(10);
    private static final String ID = "70123456789";
    private static final String ANSWER = "the answer";
    private static final int CONNECTIONS = 3;
    private static final AtomicLong NUMBERS = new AtomicLong();

    @Nested
    class OnPostgresql extends Faults {
        OnPostgresql() {
            super(JdbcPlatform.POSTGRESQL);
        }

        /** A statement that fails makes every other of its transaction fail, here. */
        @Test
        void expectWhenKnownInsideATransactionThenTheTransactionGoesOn() throws SQLException {
            HikariDataSource pool = pool(2, 10_000);
            CallbackInbox store = store(pool, Duration.ofSeconds(5));
            store.expect(key, null, KEEP);
            try (Connection callers = pool.getConnection();
                    Statement statement = callers.createStatement()) {
                callers.setAutoCommit(false);
                statement.execute("select 1");
                assertThatIllegalStateException().isThrownBy(() -> store.expect(key, null, KEEP));
                assertThatNoException().isThrownBy(() -> statement.execute("select 1"));
                callers.commit();
            }
        }

        /** The time of a transaction that was begun long ago would let a lease end before its time. */
        @Test
        void timeWhenTransactionIsOldThenThatOfTheStatement() throws SQLException {
            try (Connection connection = pool(1, 10_000).getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("select pg_sleep(0.1)");
                String start = "cast(extract(epoch from now()) * 1000 as bigint)";
                try (ResultSet rows = statement.executeQuery("select " + Dialect.POSTGRESQL.now() + " - " + start)) {
                    rows.next();
                    assertThat(rows.getLong(1)).isGreaterThanOrEqualTo(100);
                }
            }
        }

        /** No step of a claim changes a column that is indexed, so the indexes do not grow with each of them. */
        @Test
        void stepsThenTouchNoIndex() throws SQLException {
            HikariDataSource pool = pool(1, 10_000);
            CallbackInbox store = store(pool, Duration.ofSeconds(5));
            store.expect(key, null, KEEP.plus(KEEP));
            long before = hotUpdates(pool);
            store.bind(key, ID);
            store.claim(request(key, 1));
            store.renew(key, 1, LEASE);
            store.release(key, 1);
            store.claim(request(key, 2));
            store.settle(key, 2);
            assertThat(hotUpdates(pool) - before).isEqualTo(6);
        }

        private long hotUpdates(HikariDataSource pool) throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("select pg_stat_force_next_flush()");
                try (ResultSet rows = statement.executeQuery(
                        "select n_tup_hot_upd from pg_stat_user_tables where relname = 'captcha_callback'")) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        }

        @Test
        void openWhenUserHasNoRightToWriteThenStartStopsAndSaysSo() throws SQLException {
            HikariDataSource direct = pool(1, 10_000);
            try (Connection connection = direct.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("drop role if exists reader");
                statement.execute("create role reader login");
                statement.execute("grant select on captcha_callback to reader");
                try (HikariDataSource readers = server.pool(config -> config.setUsername("reader"))) {
                    assertThatExceptionOfType(IllegalArgumentException.class)
                            .isThrownBy(() -> JdbcCallbackStore.builder(readers).open())
                            .withMessageContaining("store.jdbc.table")
                            .withMessageContaining("permission denied")
                            .withMessageContaining("select, insert, update and delete");
                }
                statement.execute("drop owned by reader");
                statement.execute("drop role reader");
            }
        }
    }

    @Nested
    @EnabledIf(
            value = "io.github.captchacallback.store.jdbc.TestServer#isMariadbInstalled",
            disabledReason = "SKIPPED: faults were not tested on MariaDB. Install mariadb-server")
    class OnMariadb extends Faults {
        OnMariadb() {
            super(JdbcPlatform.MARIADB);
        }

        /** Its local time does so each autumn. A lease would end an hour early or late. */
        @Test
        void timeWhenLocalTimeRepeatsAnHourThenItGoesOn() throws SQLException {
            try (Connection connection = pool(1, 10_000).getConnection();
                    Statement statement = connection.createStatement()) {
                for (String seconds : new String[] {"1793506800.500", "1793510400.500"}) {
                    statement.execute("set timestamp = " + seconds);
                    try (ResultSet rows = statement.executeQuery("select " + Dialect.MYSQL.now())) {
                        rows.next();
                        assertThat(rows.getLong(1)).isEqualTo(Long.parseLong(seconds.replace(".", "")));
                    }
                }
            }
        }
    }

    /** The steps, each with the way to the state in which it is done, and what it returns if it was done. */
    private enum Step {
        EXPECT(Before.NOTHING) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                store.expect(key, null, KEEP);
            }
        },
        BIND(Before.EXPECTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.bind(key, ID)).isEqualTo(Binding.BOUND);
            }
        },
        CLAIM(Before.EXPECTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.claim(request(key, lease))).isInstanceOf(ClaimOutcome.Claimed.class);
                assertThat(store.claim(request(key, lease + 1))).isInstanceOf(ClaimOutcome.InProgress.class);
            }
        },
        CLAIM_UNSEEN(Before.NOTHING) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.claimUnseen(request(key, lease))).isInstanceOf(ClaimOutcome.Claimed.class);
            }
        },
        ACCEPT(Before.EXPECTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.accept(request(key, lease), ANSWER, KEEP)).isInstanceOf(ClaimOutcome.Claimed.class);
                assertThat(store.find(key))
                        .get()
                        .extracting(StoredCallback::attempts)
                        .isEqualTo(1);
            }
        },
        SETTLE(Before.ACCEPTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.settle(key, lease)).isTrue();
            }
        },
        RELEASE(Before.ACCEPTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.release(key, lease)).isTrue();
                assertThat(store.find(key))
                        .get()
                        .extracting(StoredCallback::attempts)
                        .isEqualTo(0);
            }
        },
        RENEW(Before.ACCEPTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.renew(key, lease, LEASE)).isEqualTo(Renewal.HELD);
            }
        },
        ABANDON(Before.EXPECTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.abandon(key)).isTrue();
            }
        },
        TAKE_DUE(Before.RELEASED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.takeDue(lease + 1, 10, LEASE))
                        .singleElement()
                        .extracting(DueAnswer::attempts, DueAnswer::answer)
                        .containsExactly(1, ANSWER);
            }
        },
        RETRY(Before.ACCEPTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.retry(key, lease, LEASE)).isTrue();
            }
        },
        BURY(Before.ACCEPTED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.bury(key, lease, "six attempts failed", KEEP)).isTrue();
            }
        },
        REPLAY(Before.BURIED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.replay(key, KEEP)).isTrue();
            }
        },
        DISCARD(Before.BURIED) {
            @Override
            void run(CallbackInbox store, String key, long lease) {
                assertThat(store.discard(key)).isTrue();
            }
        };

        private final Before before;

        Step(Before before) {
            this.before = before;
        }

        void prepare(CallbackInbox store, String key, long lease) {
            before.reach(store, key, lease);
        }

        abstract void run(CallbackInbox store, String key, long lease);
    }

    /** The states that steps begin in, and the way to each. */
    private enum Before {
        NOTHING,
        EXPECTED,
        ACCEPTED,
        RELEASED,
        BURIED;

        void reach(CallbackInbox store, String key, long lease) {
            if (this != NOTHING) {
                store.expect(key, null, KEEP);
            }
            if (this == ACCEPTED || this == RELEASED || this == BURIED) {
                assertThat(store.accept(request(key, lease), ANSWER, KEEP)).isInstanceOf(ClaimOutcome.Claimed.class);
            }
            if (this == RELEASED) {
                assertThat(store.release(key, lease)).isTrue();
            }
            if (this == BURIED) {
                assertThat(store.bury(key, lease, "six attempts failed", KEEP)).isTrue();
            }
        }
    }

    private static ClaimRequest request(String key, long lease) {
        return new ClaimRequest(key, ID, "fingerprint", lease, LEASE, KEEP);
    }

    abstract static class Faults {

        final TestServer server;
        final String key = "key-" + NUMBERS.incrementAndGet();
        private final FaultProxy proxy;
        private final List<AutoCloseable> opened = new ArrayList<>();

        Faults(JdbcPlatform platform) {
            server = TestServer.of(platform);
            proxy = server.proxy();
        }

        @AfterEach
        void close() throws Exception {
            proxy.close();
            for (AutoCloseable each : opened) {
                each.close();
            }
        }

        HikariDataSource pool(int size, long timeoutMillis) {
            HikariDataSource pool = server.pool(proxy.port(), config -> {
                config.setMaximumPoolSize(size);
                config.setConnectionTimeout(timeoutMillis);
                config.setValidationTimeout(250);
            });
            opened.add(0, pool);
            return pool;
        }

        CallbackInbox store(HikariDataSource pool, Duration timeout) {
            JdbcCallbackStore store = JdbcCallbackStore.builder(pool)
                    .timeout(timeout)
                    .connections(CONNECTIONS)
                    .open();
            opened.add(0, store);
            return store;
        }

        private void truncate(HikariDataSource pool) throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("delete from captcha_callback");
            }
        }

        private static void awaitIdle(HikariDataSource pool) throws InterruptedException {
            for (int i = 0; i < 1_000; i++) {
                if (pool.getHikariPoolMXBean().getIdleConnections() == pool.getMaximumPoolSize()) {
                    return;
                }
                Thread.sleep(5);
            }
            throw new IllegalStateException("The pool does not fill: " + pool.getHikariPoolMXBean());
        }

        /** Whichever reply is lost, the step is done once, and its caller hears of it. */
        @ParameterizedTest
        @EnumSource(Step.class)
        void stepWhenAnyReplyIsLostThenDoneOnce(Step step) throws Exception {
            HikariDataSource pool = pool(4, 10_000);
            CallbackInbox store = store(pool, Duration.ofSeconds(10));
            truncate(pool);
            boolean dropped = true;
            int n = 0;
            while (dropped) {
                n++;
                String each = key + "-" + n;
                long lease = NUMBERS.addAndGet(2);
                step.prepare(store, each, lease);
                awaitIdle(pool);
                int before = proxy.dropped();
                proxy.dropReply(n);
                step.run(store, each, lease);
                dropped = proxy.dropped() > before;
                proxy.dropReply(0);
                truncate(pool);
            }
            assertThat(n).as("replies that were lost").isGreaterThan(1);
        }

        @Test
        void claimWhenRoundTripsAreCountedThenOneEach() throws Exception {
            HikariDataSource pool = pool(1, 10_000);
            CallbackInbox store = store(pool, Duration.ofSeconds(10));
            store.expect(key, null, KEEP);
            awaitIdle(pool);
            long before = proxy.replies();
            store.expect(key + "-other", null, KEEP);
            store.bind(key, ID);
            store.claim(request(key, 1));
            store.settle(key, 1);
            assertThat(proxy.replies() - before).isEqualTo(4);
        }

        @Test
        void claimWhenServerDoesNotAnswerThenAnErrorInTimeAndTheSameClaimAfterwards() throws Exception {
            HikariDataSource pool = pool(4, 10_000);
            CallbackInbox store = store(pool, Duration.ofMillis(400));
            store.expect(key, null, KEEP);
            proxy.blackHole();
            long start = System.nanoTime();
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> store.claim(request(key, 1)))
                    .withMessageContaining("400 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_500));
            proxy.pass();
            assertThat(eventually(() -> store.claim(request(key, 1)))).isInstanceOf(ClaimOutcome.Claimed.class);
            assertThat(store.claim(request(key, 2))).isInstanceOf(ClaimOutcome.InProgress.class);
        }

        /** The application holds the only connection, and waits for the store, which waits for that connection. */
        @Test
        void claimWhenCallerHasTheOnlyConnectionThenAnErrorInTime() throws Exception {
            HikariDataSource pool = pool(1, 30_000);
            CallbackInbox store = store(pool, Duration.ofMillis(300));
            store.expect(key, null, KEEP);
            try (Connection callers = pool.getConnection()) {
                assertThat(callers.isClosed()).isFalse();
                long start = System.nanoTime();
                assertThatExceptionOfType(CallbackStoreException.class)
                        .isThrownBy(() -> store.claim(request(key, 1)))
                        .withMessageContaining("the pool is used up");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
            assertThat(eventually(() -> store.claim(request(key, 1)))).isInstanceOf(ClaimOutcome.Claimed.class);
        }

        @Test
        void claimWhenCallersTransactionIsRolledBackThenClaimStays() throws Exception {
            HikariDataSource pool = pool(2, 10_000);
            CallbackInbox store = store(pool, Duration.ofSeconds(5));
            try (Connection callers = pool.getConnection();
                    Statement statement = callers.createStatement()) {
                callers.setAutoCommit(false);
                statement.execute("select 1");
                store.expect(key, null, KEEP);
                // The callback may come before the caller commits.
                assertThat(store.claim(request(key, 1))).isInstanceOf(ClaimOutcome.Claimed.class);
                callers.rollback();
            }
            assertThat(store.claim(request(key, 2))).isInstanceOf(ClaimOutcome.InProgress.class);
            assertThat(store.settle(key, 1)).isTrue();
        }

        @Test
        void claimWhenManyComeAtOnceThenTheRestOfThePoolIsLeftToTheApplication() throws Exception {
            HikariDataSource pool = pool(6, 10_000);
            CallbackInbox store = store(pool, Duration.ofSeconds(20));
            store.expect(key, null, KEEP);
            awaitIdle(pool);
            proxy.delayReplies(Duration.ofMillis(5));
            AtomicInteger most = new AtomicInteger();
            Race.run(40, () -> {
                ClaimOutcome outcome = store.claim(request(key, NUMBERS.incrementAndGet()));
                most.accumulateAndGet(pool.getHikariPoolMXBean().getActiveConnections(), Math::max);
                return outcome;
            });
            assertThat(most.get()).isBetween(1, CONNECTIONS);
        }

        @Test
        void claimWhenServerIsKilledThenErrorsInTimeAndItRecoversByItself() throws Exception {
            HikariDataSource pool = pool(4, 10_000);
            CallbackInbox store = store(pool, Duration.ofMillis(500));
            store.expect(key, null, KEEP);
            assertThat(store.claim(request(key, 1))).isInstanceOf(ClaimOutcome.Claimed.class);
            server.kill();
            try {
                for (int i = 0; i < 3; i++) {
                    long start = System.nanoTime();
                    assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(() -> store.settle(key, 1));
                    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
                }
            } finally {
                server.start();
            }
            assertThat(eventually(() -> store.claim(request(key, 2)))).isInstanceOf(ClaimOutcome.InProgress.class);
            assertThat(store.settle(key, 1)).isTrue();
        }

        private static ClaimOutcome eventually(Callable<ClaimOutcome> claim) throws Exception {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (true) {
                try {
                    return claim.call();
                } catch (CallbackStoreException e) {
                    if (System.nanoTime() > end) {
                        throw e;
                    }
                }
            }
        }
    }
}
