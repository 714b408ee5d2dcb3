package io.github.captchacallback.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.CleanableStore;
import io.github.captchacallback.store.Occupancy;
import io.github.captchacallback.store.Renewal;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcCallbackStoreTest {

    private static final String KEY = "3q2-7wAAECAwQFBgcICQoL";
    private static final String ID = "70123456789";
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(10);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final JdbcDataSource h2 = new JdbcDataSource();
    private Connection keepsItAlive;

    @BeforeEach
    void newDatabase() throws SQLException {
        h2.setURL("jdbc:h2:mem:store-test-" + DATABASES.incrementAndGet());
        keepsItAlive = h2.getConnection();
        Scripts.createTable(h2, JdbcPlatform.H2);
    }

    @AfterEach
    void forgetDatabase() throws SQLException {
        keepsItAlive.close();
    }

    private void execute(String sql) {
        try (Statement statement = keepsItAlive.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClaimRequest request(String key, String taskId, long lease) {
        return new ClaimRequest(key, taskId, "fingerprint", lease, LEASE, KEEP);
    }

    // ---- the start

    @Test
    void openWhenTableIsMissingThenStopsAndNamesTheScript() {
        execute("drop table captcha_callback");
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> JdbcCallbackStore.builder(h2).open())
                .withMessageContaining("captcha.callback.store.jdbc.table = 'captcha_callback'")
                .withMessageContaining("schema-h2.sql");
    }

    @Test
    void openWhenAColumnIsMissingThenStops() {
        execute("alter table captcha_callback drop column reason");
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> JdbcCallbackStore.builder(h2).open())
                .withMessageContaining("REASON")
                .withMessageContaining("schema-h2.sql");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "update", "delete"})
    void openWhenARightIsMissingThenStops(String right) {
        execute("create user writer password 'x'");
        execute("grant select, insert, update, delete on captcha_callback to writer");
        execute("revoke " + right + " on captcha_callback from writer");
        JdbcDataSource writers = new JdbcDataSource();
        writers.setURL(h2.getURL());
        writers.setUser("writer");
        writers.setPassword("x");
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> JdbcCallbackStore.builder(writers).open())
                .withMessageContaining("select, insert, update and delete");
    }

    @Test
    void openWhenThePasswordIsWrongThenStopsAndNamesTheKeys() {
        JdbcDataSource strangers = new JdbcDataSource();
        strangers.setURL(h2.getURL());
        strangers.setUser("stranger");
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> JdbcCallbackStore.builder(strangers).open())
                .withMessageContaining("28000")
                .withMessageContaining("store.jdbc.url");
    }

    /** What was not found at the start must not be remembered as missing, nor must what was found be asked for each time. */
    @Test
    void openWhenDatabaseIsUnavailableThenStartsAndRecoversWithIt() {
        AtomicBoolean available = new AtomicBoolean();
        DataSource dataSource = Connecting.dataSource(() -> {
            if (!available.get()) {
                throw new SQLTransientConnectionException("refused", "08001");
            }
            return h2.getConnection();
        });
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(dataSource).open()) {
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> store.expect(KEY, null, KEEP))
                    .withMessageContaining("08001");
            available.set(true);
            store.expect(KEY, null, KEEP);
            assertThat(store.claim(request(KEY, ID, 1))).isInstanceOf(ClaimOutcome.Claimed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-b", "x; drop table y", "a.b.c", "1a", "\"a\"", "a b", "täble"})
    void tableWhenNameHasOtherCharactersThenRefused(String name) {
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> JdbcCallbackStore.builder(h2).table(name))
                .withMessageContaining("store.jdbc.table");
    }

    @Test
    void tableWhenInAnotherSchemaThenUsed() {
        execute("create schema callbacks");
        execute(Scripts.text(JdbcPlatform.H2)
                .replaceAll("(?s)create index.*", "")
                .replace("exists captcha_callback", "exists callbacks.used"));
        try (JdbcCallbackStore store =
                JdbcCallbackStore.builder(h2).table("callbacks.used").open()) {
            store.expect(KEY, null, KEEP);
            assertThatIllegalStateException().isThrownBy(() -> store.expect(KEY, null, KEEP));
        }
    }

    // ---- text

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\uD800", "a\uDC00b"})
    void stepsWhenKeyCannotBeStoredThenUnknown(String key) {
        String tooLong = "z".repeat(129);
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(h2).open()) {
            for (String each : new String[] {key, tooLong}) {
                assertThat(store.claim(request(each, ID, 1))).isInstanceOf(ClaimOutcome.Unknown.class);
                assertThat(store.claimUnseen(request(each, ID, 1))).isInstanceOf(ClaimOutcome.Unknown.class);
                assertThat(store.claimUnseen(request(KEY, each, 1))).isInstanceOf(ClaimOutcome.Unknown.class);
                assertThat(store.bind(each, ID)).isEqualTo(Binding.UNKNOWN);
                assertThat(store.settle(each, 1)).isFalse();
                assertThat(store.release(each, 1)).isFalse();
                assertThat(store.renew(each, 1, LEASE)).isEqualTo(Renewal.FORGOTTEN);
                assertThat(store.abandon(each)).isFalse();
                assertThat(store.find(each)).isEmpty();
                assertThatIllegalArgumentException().isThrownBy(() -> store.expect(each, null, KEEP));
            }
        }
    }

    @Test
    void acceptWhenAnswerContainsNulThenRefusedWithoutShowingIt() {
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(h2).open()) {
            store.expect(KEY, null, KEEP);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.accept(request(KEY, ID, 1), "secret\0answer", KEEP))
                    .withMessageNotContaining("secret");
        }
    }

    /** A driver quotes the values of a statement that fails. */
    @Test
    void acceptWhenDatabaseRefusesTheValueThenNoMessageQuotesIt() {
        execute("alter table captcha_callback alter column answer varchar(5)");
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(h2).open()) {
            store.expect(KEY, null, KEEP);
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> store.accept(request(KEY, ID, 1), "secret-answer", KEEP))
                    .satisfies(e -> {
                        for (Throwable each = e; each != null; each = each.getCause()) {
                            assertThat(each.toString()).doesNotContain("secret-answer");
                        }
                    });
        }
    }

    /** Too long is no duplicate, though the class of its SQLSTATE is the same: it must not look like a known key. */
    @Test
    void expectWhenInsertionFailsOtherwiseThenUnavailableAndNotKnown() {
        execute("alter table captcha_callback alter column task_id set not null");
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(h2).open()) {
            assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(() -> store.expect(KEY, null, KEEP));
        }
    }

    // ---- the capacity

    @Test
    void expectWhenTableIsFullThenThrowsAndKnownKeysAreJudged() {
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(h2).capacity(2).open()) {
            store.expect(KEY, null, KEEP);
            assertThat(store.claimUnseen(request("other", ID, 1))).isInstanceOf(ClaimOutcome.Claimed.class);
            assertThatExceptionOfType(CallbackStoreFullException.class)
                    .isThrownBy(() -> store.expect("third", null, KEEP))
                    .withMessageNotContaining("third");
            assertThatExceptionOfType(CallbackStoreFullException.class)
                    .isThrownBy(() -> store.claimUnseen(request("third", ID, 2)));
            assertThat(store.claimUnseen(request("other", ID, 2))).isInstanceOf(ClaimOutcome.InProgress.class);
            assertThat(store.claimUnseen(request("other", "another", 2))).isInstanceOf(ClaimOutcome.Unknown.class);
            assertThat(store.claim(request(KEY, ID, 2))).isInstanceOf(ClaimOutcome.Claimed.class);
            assertThat(store.occupancy()).contains(new Occupancy(2, 2));
        }
    }

    @Test
    void occupancyWhenDatabaseIsUnavailableThenThrows() {
        AtomicBoolean available = new AtomicBoolean(true);
        DataSource dataSource = Connecting.dataSource(() -> {
            if (!available.get()) {
                throw new SQLException("refused", "08001");
            }
            return h2.getConnection();
        });
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(dataSource).open()) {
            assertThat(store.occupancy()).contains(new Occupancy(0, 1_000_000));
            available.set(false);
            assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(store::occupancy);
        }
    }

    // ---- warnings

    @Test
    void warningsWhenRowsExpiredLongAgoThenSaysThatTheyAreNotRemoved() {
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(h2).open()) {
            assertThat(store.warnings()).as("no row").isEmpty();
            store.expect(KEY, null, KEEP);
            assertThat(store.warnings()).as("no expired row").isEmpty();
            execute("update captcha_callback set expires_at = expires_at - 1000 * 60 * (10 + 4)");
            assertThat(store.warnings()).as("expired 4 minutes ago").isEmpty();
            execute("update captcha_callback set expires_at = expires_at - 1000 * 60 * 3");
            assertThat(store.warnings())
                    .singleElement()
                    .asString()
                    .contains("captcha_callback", "the oldest expired 7 minutes ago", "delete");
            store.clean(Duration.ofSeconds(1));
            assertThat(store.warnings()).isEmpty();
        }
    }

    // ---- what is in another's way

    /** Hands out connections whose next statements fail as those of a database that cannot serialize them. */
    private DataSource failing(AtomicInteger failures) {
        return Connecting.dataSource(() -> {
            Connection connection = h2.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")
                                && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                            throw new SQLException("could not serialize access", "40001");
                        }
                        return method.invoke(connection, arguments);
                    });
        });
    }

    @Test
    void stepsWhenInAnothersWayThenRepeatedTwice() {
        AtomicInteger failures = new AtomicInteger();
        try (JdbcCallbackStore store =
                JdbcCallbackStore.builder(failing(failures)).open()) {
            failures.set(2);
            store.expect(KEY, null, KEEP);
            assertThat(failures).hasValue(0);
            failures.set(3);
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> store.claim(request(KEY, ID, 1)))
                    .withMessageContaining("40001");
        }
    }

    /** The next cleaning removes what this one could not. */
    @Test
    void cleanWhenInAnothersWayThenNoFailure() {
        AtomicInteger failures = new AtomicInteger();
        try (JdbcCallbackStore store =
                JdbcCallbackStore.builder(failing(failures)).open()) {
            failures.set(1);
            assertThat(store.clean(Duration.ofSeconds(1))).isEqualTo(new CleanableStore.Cleaning(0, false));
            assertThat(failures).hasValue(0);
        }
    }

    /** An insertion that raised an error would fill the server's log with one line for each repeat. */
    @Test
    void insertionOnPostgresqlThenRaisesNothing() {
        Statements statements = new Statements(JdbcPlatform.POSTGRESQL, "callbacks");
        for (Sql insertion :
                new Sql[] {statements.insertExpected, statements.insertClaimed, statements.insertAccepted}) {
            assertThat(insertion.text()).endsWith("on conflict (callback_key) do nothing");
        }
    }

    // ---- threads

    @Test
    void stepsWhenClosedThenThrows() {
        JdbcCallbackStore store = JdbcCallbackStore.builder(h2).open();
        store.close();
        store.close();
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> store.settle(KEY, 1))
                .withMessageContaining("closed");
    }

    @Test
    void claimWhenThreadIsInterruptedThenThrowsAndStaysInterrupted() {
        AtomicBoolean usedUp = new AtomicBoolean();
        DataSource dataSource = Connecting.dataSource(() -> {
            if (usedUp.get()) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new SQLException("interrupted while waiting for a connection", e);
                }
            }
            return h2.getConnection();
        });
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(dataSource).open()) {
            usedUp.set(true);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> store.claim(request(KEY, ID, 1)))
                    .withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Whatever a caller's transaction is bound to is bound to its thread. */
    @Test
    void stepsThenRunOnThreadsOfTheStoresOwn() {
        ThreadLocal<String> transaction = new ThreadLocal<>();
        AtomicBoolean seen = new AtomicBoolean();
        DataSource dataSource = Connecting.dataSource(() -> {
            seen.compareAndSet(false, transaction.get() != null);
            return h2.getConnection();
        });
        transaction.set("the caller's");
        try (JdbcCallbackStore store = JdbcCallbackStore.builder(dataSource).open()) {
            store.expect(KEY, null, KEEP);
        }
        assertThat(seen).isFalse();
    }

    /** Hands out connections that fail as those of a container fail within its transaction. */
    private DataSource managed(String method, SQLException refusal, AtomicBoolean inTransaction) {
        return Connecting.dataSource(() -> {
            Connection connection = h2.getConnection();
            connection.setAutoCommit(false);
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, called, arguments) -> {
                        if (called.getName().equals(method) && inTransaction.get()) {
                            throw refusal;
                        }
                        return called.invoke(connection, arguments);
                    });
        });
    }

    @ParameterizedTest
    @CsvSource({"commit,", "rollback,", "commit, 25000", "commit, 2D000", "commit, 55000", "commit, XAE07"})
    void openWhenContainerForbidsToEndTransactionsThenStopsAndNamesTheDataSource(
            String method, @Nullable String state) {
        SQLException refusal = new SQLException("You cannot end it during a managed transaction!", state);
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> JdbcCallbackStore.builder(managed(method, refusal, new AtomicBoolean(true)))
                        .open())
                .withMessageContainingAll(
                        "store.jdbc.data-source", "You cannot end it during a managed transaction!", "JTA")
                .satisfies(e -> assertThat(e.action()).contains("jta=\"false\""));
    }

    /** A database that failed is no mistake of the settings. */
    @Test
    void settleWhenCommitFailsOtherwiseThenUnavailable() {
        AtomicBoolean failing = new AtomicBoolean();
        SQLException broken = new SQLException("the disk is full", "53100");
        try (JdbcCallbackStore store =
                JdbcCallbackStore.builder(managed("commit", broken, failing)).open()) {
            failing.set(true);
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> store.settle(KEY, 1))
                    .withMessageContaining("53100");
        }
    }

    // ---- the scripts

    @ParameterizedTest
    @EnumSource(JdbcPlatform.class)
    void scriptThenHasEveryColumnAndIndexAndNoSecondUniqueIndex(JdbcPlatform platform) {
        String script = Scripts.text(platform);
        assertThat(script)
                .contains(
                        "callback_key",
                        "task_id",
                        "state",
                        "fingerprint",
                        "lease",
                        "lease_until",
                        "remembered_until",
                        "expires_at",
                        "attempts",
                        "accepted_at",
                        "due_at",
                        "reason",
                        "answer")
                .contains("captcha_callback_expires_at", "captcha_callback_due_at")
                .doesNotContainIgnoringCase("unique");
        assertThat(script)
                .as("a key in another case, or with a blank behind it, is another key")
                .contains(
                        switch (platform) {
                            case POSTGRESQL -> "collate \"C\"";
                            case MYSQL -> "utf8mb4_0900_bin";
                            case MARIADB -> "utf8mb4_nopad_bin";
                            case SQLSERVER -> "Latin1_General_100_BIN2";
                            case ORACLE -> "collate binary";
                            case H2 -> "varchar(128)";
                        });
    }
}
