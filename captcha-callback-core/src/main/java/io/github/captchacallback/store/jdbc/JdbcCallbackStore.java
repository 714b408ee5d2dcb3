package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.JdbcStoreSettings;
import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.CleanableStore;
import io.github.captchacallback.store.DeadPage;
import io.github.captchacallback.store.DueAnswer;
import io.github.captchacallback.store.InboxDepth;
import io.github.captchacallback.store.Occupancy;
import io.github.captchacallback.store.Renewal;
import io.github.captchacallback.store.StoredCallback;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers callbacks in a table of a relational database, which all nodes of an application share. What was expected, claimed
 * or kept survives a restart of any node. Safe for use by several threads.
 *
 * <p>Of all claims of one callback, on all nodes, one wins: the row count of one statement decides. Times are those of the
 * database, so the clocks of nodes may differ. Each step is a transaction of the store's own, whatever transaction its caller
 * has: a callback that was claimed stays claimed if the application rolls back.
 *
 * <p>Create the table with the script {@link JdbcPlatform#schemaScript()}. The database's user needs the rights to select,
 * insert, update and delete.
 *
 * <p><b>Security notes.</b> The store promises what the database promises: one that replicates asynchronously can forget the
 * last commits in a failover, and a callback that was claimed in them can be accepted again. Answers are kept in clear text
 * unless the core encrypts them, until they are settled.
 */
public final class JdbcCallbackStore implements CallbackInbox, CleanableStore {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.captchacallback");

    /** How often a claim is tried again whose row was open, and was not when it was tried. */
    private static final int ROUNDS = 3;

    /** An expired row is usually removed within a minute by one of the nodes. */
    private static final Duration CLEANING_BEHIND = Duration.ofMinutes(5);

    private static final int BATCH = 1_000;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_FINGERPRINT = 64;
    private static final int LONGEST_REASON = 200;

    private final SecureRandom random = new SecureRandom();
    private final Database database;
    private final Capacity capacity;
    private final String table;
    private final Duration cleaningInterval;

    private JdbcCallbackStore(Builder builder) {
        database =
                new Database(builder.dataSource, builder.table, builder.platform, builder.timeout, builder.connections);
        capacity = new Capacity(builder.capacity);
        table = builder.table;
        cleaningInterval = builder.cleaningInterval;
    }

    /**
     * Begins to describe a store.
     *
     * @param dataSource hands out connections; a pool of the store's own is best, and the application's will do. It is not closed
     *     with the store
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        requireStorable(key, LONGEST_KEY, "key");
        if (taskId != null) {
            requireStorable(taskId, LONGEST_KEY, "task id");
        }
        String nonce = Long.toHexString(random.nextLong());
        Sql.Values values = key(key).with("task", taskId).with("nonce", nonce).with("keep", keep.toMillis());
        boolean expected = database.run((session, statements, again) -> {
            requireRoom(session, statements);
            for (int round = 0; round < ROUNDS; round++) {
                if (session.insert(statements.insertExpected, values)) {
                    capacity.added();
                    return true;
                }
                Row row = read(session, statements, key);
                if (row != null && !row.isExpired()) {
                    return row.state() == Row.EXPECTED && row.fingerprint().equals(nonce);
                }
                if (session.update(statements.replaceByExpected, values) == 1) {
                    return true;
                }
            }
            return false;
        });
        if (!expected) {
            throw new IllegalStateException("A callback is already expected under this key");
        }
    }

    @Override
    public Binding bind(String key, String taskId) {
        if (!isStorable(key, LONGEST_KEY)) {
            return Binding.UNKNOWN;
        }
        requireStorable(taskId, LONGEST_KEY, "task id");
        Sql.Values values = key(key).with("task", taskId);
        return database.run((session, statements, again) -> {
            for (int round = 0; round < ROUNDS; round++) {
                if (session.update(statements.bind, values) == 1) {
                    return Binding.BOUND;
                }
                Row row = alive(session, statements, key);
                if (row == null) {
                    return Binding.UNKNOWN;
                }
                if (row.taskId() != null) {
                    return row.isOf(taskId) ? Binding.BOUND : Binding.CONFLICT;
                }
            }
            return Binding.UNKNOWN;
        });
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        return claim(request, null);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return claimUnseen(request, null);
    }

    @Override
    public ClaimOutcome accept(ClaimRequest request, String answer, Duration keep) {
        return claim(request, new Kept(answer, keep));
    }

    @Override
    public ClaimOutcome acceptUnseen(ClaimRequest request, String answer, Duration keep) {
        return claimUnseen(request, new Kept(answer, keep));
    }

    /** An answer to keep, and for how long. */
    private record Kept(String answer, Duration keep) {

        private Kept {
            if (answer.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("An answer must not contain U+0000, which databases cannot keep");
            }
        }

        @Override
        public String toString() {
            return "Kept";
        }
    }

    private ClaimOutcome claim(ClaimRequest request, @Nullable Kept kept) {
        if (!isStorable(request)) {
            return new ClaimOutcome.Unknown();
        }
        Sql.Values values = values(request, kept);
        return database.run((session, statements, again) -> {
            for (int round = 0; round < ROUNDS; round++) {
                ClaimOutcome outcome = claimOnce(session, statements, request, values, kept);
                if (outcome != null) {
                    return outcome;
                }
            }
            return new ClaimOutcome.InProgress(Duration.ZERO);
        });
    }

    private ClaimOutcome claimUnseen(ClaimRequest request, @Nullable Kept kept) {
        if (!isStorable(request)) {
            return new ClaimOutcome.Unknown();
        }
        Sql.Values values = values(request, kept);
        return database.run((session, statements, again) -> {
            for (int round = 0; round < ROUNDS; round++) {
                boolean room = hasRoom(session, statements);
                if (room
                        && session.insert(
                                kept == null ? statements.insertClaimed : statements.insertAccepted, values)) {
                    capacity.added();
                    return new ClaimOutcome.Claimed();
                }
                ClaimOutcome outcome = claimOnce(session, statements, request, values, kept);
                if (outcome != null && !(outcome instanceof ClaimOutcome.Unknown)) {
                    return outcome;
                }
                Row row = read(session, statements, request.key());
                if (row != null && !row.isExpired() && !row.isOf(request.taskId())) {
                    return new ClaimOutcome.Unknown();
                }
                if (row == null && !room) {
                    throw capacity.full();
                }
                if (row != null
                        && row.isExpired()
                        && session.update(
                                        kept == null ? statements.replaceByClaimed : statements.replaceByAccepted,
                                        values)
                                == 1) {
                    return new ClaimOutcome.Claimed();
                }
            }
            return new ClaimOutcome.InProgress(Duration.ZERO);
        });
    }

    /** Tries to claim a row, and says what the claim gets, or nothing if the row has come open meanwhile. */
    private static @Nullable ClaimOutcome claimOnce(
            Session session, Statements statements, ClaimRequest request, Sql.Values values, @Nullable Kept kept)
            throws SQLException {
        if (session.update(kept == null ? statements.claim : statements.accept, values) == 1) {
            return new ClaimOutcome.Claimed();
        }
        Row row = read(session, statements, request.key());
        return row == null ? new ClaimOutcome.Unknown() : row.judge(request);
    }

    private static Sql.Values values(ClaimRequest request, @Nullable Kept kept) {
        long lease = request.leaseFor().toMillis();
        long remembered = Math.max(lease, request.keep().toMillis());
        Sql.Values values = key(request.key())
                .with("task", request.taskId())
                .with("fingerprint", request.fingerprint())
                .with("lease", request.lease())
                .with("leaseFor", lease)
                .with("remembered", remembered)
                .with(
                        "keep",
                        kept == null
                                ? remembered
                                : Math.max(remembered, kept.keep().toMillis()));
        return kept == null ? values : values.with("answer", kept.answer());
    }

    @Override
    public boolean settle(String key, long lease) {
        Sql.Values values = key(key).with("lease", lease);
        return changes(key, values, statements -> statements.settle, row -> row.isIn(Row.SETTLED, lease));
    }

    @Override
    public boolean release(String key, long lease) {
        Sql.Values values = key(key).with("lease", lease);
        return changes(key, values, statements -> statements.release, row -> row.isIn(Row.RELEASED, lease));
    }

    @Override
    public boolean retry(String key, long lease, Duration after) {
        Sql.Values values = key(key).with("lease", lease).with("after", after.toMillis());
        return changes(
                key, values, statements -> statements.retry, row -> row.isKept() && row.isIn(Row.RELEASED, lease));
    }

    @Override
    public boolean bury(String key, long lease, String reason, Duration keep) {
        requireStorable(reason, LONGEST_REASON, "reason");
        Sql.Values values = key(key).with("lease", lease).with("reason", reason).with("keep", keep.toMillis());
        return changes(key, values, statements -> statements.bury, row -> row.isIn(Row.DEAD, lease));
    }

    @Override
    public boolean abandon(String key) {
        if (!isStorable(key, LONGEST_KEY)) {
            return false;
        }
        // If the row is gone after an answer was lost, it was this step that removed it.
        return database.run((session, statements, again) -> session.update(statements.abandon, key(key)) == 1
                || (again && alive(session, statements, key) == null));
    }

    @Override
    public boolean replay(String key, Duration keep) {
        Sql.Values values = key(key).with("keep", keep.toMillis());
        return changesOnce(
                key,
                values,
                statements -> statements.replay,
                row -> row.isKept() && row.state() == Row.RELEASED && row.attempts() == 0);
    }

    @Override
    public boolean discard(String key) {
        return changesOnce(key, key(key), statements -> statements.discard, row -> row.state() == Row.SETTLED);
    }

    /** Chooses a statement of those on the table. */
    private interface Choice {
        Sql of(Statements statements);
    }

    /** Returns what a row shows. */
    private interface Test {
        boolean of(Row row);
    }

    /** Changes a row, and reports whether it is as the change leaves it, by this call or an earlier one. */
    private boolean changes(String key, Sql.Values values, Choice choice, Test done) {
        return isStorable(key, LONGEST_KEY)
                && database.run((session, statements, again) ->
                        session.update(choice.of(statements), values) == 1 || is(session, statements, key, done));
    }

    /** Changes a row, and reports whether this call did: by an earlier attempt, if the answer to that was lost. */
    private boolean changesOnce(String key, Sql.Values values, Choice choice, Test done) {
        return isStorable(key, LONGEST_KEY)
                && database.run((session, statements, again) -> session.update(choice.of(statements), values) == 1
                        || (again && is(session, statements, key, done)));
    }

    private static boolean is(Session session, Statements statements, String key, Test test) throws SQLException {
        Row row = alive(session, statements, key);
        return row != null && test.of(row);
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        if (!isStorable(key, LONGEST_KEY)) {
            return Renewal.FORGOTTEN;
        }
        Sql.Values values = key(key).with("lease", lease).with("leaseFor", leaseFor.toMillis());
        return database.run((session, statements, again) -> renew(session, statements, key, lease, values));
    }

    private static Renewal renew(Session session, Statements statements, String key, long lease, Sql.Values values)
            throws SQLException {
        if (session.update(statements.renew, values) == 1) {
            return Renewal.HELD;
        }
        Row row = alive(session, statements, key);
        if (row == null) {
            return Renewal.FORGOTTEN;
        }
        // A driver that counts changed rows counts none if the new times are the old ones.
        return row.isIn(Row.CLAIMED, lease) ? Renewal.HELD : Renewal.LOST;
    }

    @Override
    public List<DueAnswer> takeDue(long lease, int limit, Duration leaseFor) {
        return database.runOverRange((session, statements, again) -> {
            List<DueAnswer> taken = new ArrayList<>();
            Sql.Values values = new Sql.Values().with("lease", lease).with("leaseFor", leaseFor.toMillis());
            for (String key : session.select(
                    statements.takenBefore, values.with("limit", limit), rows -> rows.getString("callback_key"))) {
                if (session.update(statements.renew, values.with("key", key)) == 1) {
                    taken.addAll(answer(session, statements, values, lease));
                }
            }
            int rest = limit - taken.size();
            if (rest > 0) {
                values.with("limit", rest);
                taken.addAll(
                        statements.dialect().takesDueInOneStatement()
                                ? session.select(statements.takeDue, values, rows -> dueAnswer(rows, lease))
                                : takeOneByOne(session, statements, values, lease));
            }
            return List.copyOf(taken);
        });
    }

    private static List<DueAnswer> takeOneByOne(Session session, Statements statements, Sql.Values values, long lease)
            throws SQLException {
        record Candidate(String key, long lastLease) {}
        List<DueAnswer> taken = new ArrayList<>();
        for (Candidate candidate : session.select(
                statements.due,
                values,
                rows -> new Candidate(rows.getString("callback_key"), rows.getLong("last_lease")))) {
            values.with("key", candidate.key).with("lastLease", candidate.lastLease);
            if (session.update(statements.take, values) == 1) {
                taken.addAll(answer(session, statements, values, lease));
            }
        }
        return taken;
    }

    private static List<DueAnswer> answer(Session session, Statements statements, Sql.Values values, long lease)
            throws SQLException {
        return session.select(statements.answer, values, rows -> dueAnswer(rows, lease));
    }

    private static DueAnswer dueAnswer(ResultSet rows, long lease) throws SQLException {
        // Oracle reads back null for the empty string.
        String answer = rows.getString("answer");
        return new DueAnswer(
                rows.getString("callback_key"),
                rows.getString("task_id"),
                answer == null ? "" : answer,
                lease,
                rows.getInt("attempts"),
                Duration.ofMillis(Math.max(0, rows.getLong("db_time") - rows.getLong("accepted_at"))));
    }

    @Override
    public DeadPage dead(int limit, @Nullable String cursor) {
        // Every key is behind a blank: the empty string is null for Oracle, and behind nothing.
        Sql.Values values =
                new Sql.Values().with("cursor", cursor == null ? " " : cursor).with("limit", limit + 1L);
        List<StoredCallback> dead = database.runOverRange((session, statements, again) ->
                session.select(statements.dead, values, rows -> Row.read(rows).describe()));
        return dead.size() <= limit
                ? new DeadPage(dead, null)
                : new DeadPage(dead.subList(0, limit), dead.get(limit - 1).key());
    }

    @Override
    public Optional<StoredCallback> find(String key) {
        if (!isStorable(key, LONGEST_KEY)) {
            return Optional.empty();
        }
        return database.run((session, statements, again) ->
                Optional.ofNullable(alive(session, statements, key)).map(Row::describe));
    }

    @Override
    public Optional<InboxDepth> depth() {
        return database.runOverRange((session, statements, again) -> session
                .select(statements.depth, new Sql.Values(), rows -> {
                    long due = rows.getLong("due");
                    long oldest = due == 0 ? 0 : Math.max(0, rows.getLong("db_time") - rows.getLong("first_due"));
                    return new InboxDepth(
                            rows.getLong("in_progress"),
                            rows.getLong("waiting"),
                            due,
                            rows.getLong("dead"),
                            Duration.ofMillis(oldest));
                })
                .stream()
                .findFirst());
    }

    @Override
    public Duration cleaningInterval() {
        return cleaningInterval;
    }

    @Override
    public Cleaning clean(Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        long removed = 0;
        while (true) {
            int batch = removeBatch();
            removed += batch;
            if (batch < BATCH) {
                return new Cleaning(removed, false);
            }
            if (System.nanoTime() - end >= 0) {
                return new Cleaning(removed, true);
            }
        }
    }

    private int removeBatch() {
        return database.runOverRange((session, statements, again) -> {
            try {
                int batch = session.update(statements.clean, new Sql.Values().with("limit", BATCH));
                if (batch < BATCH) {
                    sample(session, statements);
                }
                return batch;
            } catch (SQLException e) {
                if (!statements.dialect().isTransient(e)) {
                    throw e;
                }
                LOG.debug("Expired rows of {} were in use by another step; they are removed next time", table);
                return 0;
            }
        });
    }

    /** Counts anew once in a while; the database is asked each time. */
    @Override
    public Optional<Occupancy> occupancy() {
        database.run((session, statements, again) -> {
            if (capacity.isOld()) {
                sample(session, statements);
            } else {
                session.select(statements.time, new Sql.Values(), rows -> rows.getLong("db_time"));
            }
            return true;
        });
        return Optional.of(capacity.occupancy());
    }

    @Override
    public Optional<Instant> time() {
        return database
                .run((session, statements, again) ->
                        session.select(statements.time, new Sql.Values(), rows -> rows.getLong("db_time")))
                .stream()
                .findFirst()
                .map(Instant::ofEpochMilli);
    }

    /** Returns a warning if expired rows are not removed. */
    @Override
    public List<String> warnings() {
        return database
                .runOverRange((session, statements, again) ->
                        session.select(statements.oldest, new Sql.Values(), JdbcCallbackStore::expiredFor))
                .stream()
                .filter(expired -> expired.compareTo(CLEANING_BEHIND) > 0)
                .map(expired -> "Expired rows of the table " + table + " are not removed: the oldest expired "
                        + expired.toMinutes()
                        + " minutes ago. The table grows, and callbacks are judged as before. Look for failed removals in the"
                        + " log, and let the database's user delete")
                .toList();
    }

    private static Duration expiredFor(ResultSet rows) throws SQLException {
        long oldest = rows.getLong("oldest");
        return rows.wasNull() ? Duration.ZERO : Duration.ofMillis(rows.getLong("db_time") - oldest);
    }

    private void sample(Session session, Statements statements) throws SQLException {
        session.select(statements.count, new Sql.Values(), rows -> rows.getLong("entries"))
                .forEach(capacity::sampled);
    }

    private boolean hasRoom(Session session, Statements statements) throws SQLException {
        if (capacity.isUsedUp()) {
            sample(session, statements);
        }
        return capacity.hasRoom();
    }

    private void requireRoom(Session session, Statements statements) throws SQLException {
        if (!hasRoom(session, statements)) {
            throw capacity.full();
        }
    }

    private static @Nullable Row read(Session session, Statements statements, String key) throws SQLException {
        List<Row> rows = session.select(statements.read, key(key), Row::read);
        return rows.isEmpty() ? null : rows.get(0);
    }

    private static @Nullable Row alive(Session session, Statements statements, String key) throws SQLException {
        Row row = read(session, statements, key);
        return row == null || row.isExpired() ? null : row;
    }

    private static Sql.Values key(String key) {
        return new Sql.Values().with("key", key);
    }

    private static boolean isStorable(ClaimRequest request) {
        return isStorable(request.key(), LONGEST_KEY)
                && isStorable(request.taskId(), LONGEST_KEY)
                && request.fingerprint().length() <= LONGEST_FINGERPRINT;
    }

    /**
     * Reports whether a database can tell this text from every other: not the empty string, which is null for Oracle, nor U+0000
     * and single surrogates, which no encoding has.
     */
    private static boolean isStorable(String text, int longest) {
        return !text.isEmpty()
                && text.length() <= longest
                && text.codePoints()
                        .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    private static void requireStorable(String text, int longest, String what) {
        if (!isStorable(text, longest)) {
            throw new IllegalArgumentException("A " + what + " has 1 to " + longest
                    + " characters, and neither U+0000 nor a single surrogate is one of them");
        }
    }

    /**
     * Checks that the table is there, and that the database's user may use it. If the database is unavailable, the store
     * recovers with it.
     */
    private void check() {
        try {
            database.run((session, statements, again) -> {
                try {
                    session.select(statements.read, key("check"), Row::read);
                    for (Sql check : statements.checks()) {
                        session.update(check, new Sql.Values());
                    }
                    sample(session, statements);
                    return true;
                } catch (SQLException e) {
                    if (Failures.isUnclear(e) || statements.dialect().isTransient(e)) {
                        throw e;
                    }
                    throw Failures.unusable(table, statements.platform(), e);
                }
            });
        } catch (CallbackStoreException e) {
            Failures.requireAdmitted(e);
            LOG.warn(
                    "The database of the callback store is unavailable at startup. Callbacks are answered 503 until it recovers, and"
                            + " nothing has to be restarted. Whether the table {} exists could not be checked. {}",
                    table,
                    e.getMessage());
            LOG.debug("The database of the callback store is unavailable at startup", e);
        }
    }

    /** Ends the store's threads. The data source is not closed. */
    @Override
    public void close() {
        database.close();
    }

    /** Returns the table and how full it was when it was counted. */
    @Override
    public String toString() {
        return "JdbcCallbackStore[table " + table + ", " + capacity + "]";
    }

    /** Describes a store. Every value has a default. Used by one thread. */
    public static final class Builder {

        private final DataSource dataSource;
        private String table = "captcha_callback";
        private @Nullable JdbcPlatform platform;
        private Duration timeout = Duration.ofSeconds(2);
        private int connections = 5;
        private long capacity = 1_000_000;
        private Duration cleaningInterval = Duration.ofSeconds(30);

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource);
        }

        /** Sets the table, the number of connections and the database as the settings have them. */
        public Builder settings(JdbcStoreSettings settings) {
            JdbcPlatform.of(settings).ifPresent(this::platform);
            return table(settings.table()).connections(settings.connections());
        }

        /**
         * Names the table.
         *
         * @param name the name, after the schema's and a dot if it is not in the user's own; letters, digits, {@code _} and {@code
         *     $}
         * @throws CallbackSettingsException if it contains anything else
         */
        public Builder table(String name) {
            if (!JdbcStoreSettings.isTable(name)) {
                throw new CallbackSettingsException(
                        "store.jdbc.table",
                        null,
                        "the name of the table contains something else than letters, digits, _ and $",
                        "Write a name such as captcha_callback, or schema.captcha_callback");
            }
            table = name;
            return this;
        }

        /** Names the database, instead of finding it out from the first connection. */
        public Builder platform(JdbcPlatform other) {
            platform = other;
            return this;
        }

        /**
         * Limits how long a caller waits for a step, with all its attempts; 2 seconds unless changed.
         *
         * @param longest from 10 milliseconds to 365 days
         * @throws IllegalArgumentException if it is shorter or longer
         */
        public Builder timeout(Duration longest) {
            if (longest.toMillis() < 10 || longest.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException("timeout is " + longest + ", and must be from 10 ms to 365 days");
            }
            timeout = longest;
            return this;
        }

        /**
         * Limits how many connections the store uses at once; 5 unless changed. If the application uses the same pool, leave it
         * the rest.
         *
         * @param most at least 1
         * @throws IllegalArgumentException if it is less
         */
        public Builder connections(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("connections is " + most + ", and 1 is the least");
            }
            connections = most;
            return this;
        }

        /**
         * Limits how many callbacks the table contains; 1,000,000 unless changed. Rows are counted once in a while, so several nodes
         * may exceed it by what they add meanwhile.
         *
         * @param most at least 1
         * @throws IllegalArgumentException if it is less
         */
        public Builder capacity(long most) {
            if (most < 1) {
                throw new IllegalArgumentException("capacity is " + most + ", and 1 is the least");
            }
            capacity = most;
            return this;
        }

        /**
         * Opens the store, and checks the table. If the database is unavailable, that is logged, and the store recovers with it.
         *
         * @throws CallbackSettingsException if the table, a column or a right is missing, or the database is none that the store has
         *     statements for
         */
        public JdbcCallbackStore open() {
            JdbcCallbackStore store = new JdbcCallbackStore(this);
            try {
                store.check();
                return store;
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        }
    }

    /**
     * Represents how many rows there are: counted at times, and what this store has added since. Exactness would need a row that
     * every claim on every node writes.
     */
    private static final class Capacity {

        private static final long OLD_AFTER = TimeUnit.SECONDS.toNanos(10);
        private static final long RECOUNT_AFTER = TimeUnit.SECONDS.toNanos(1);

        private final long most;
        private long used;
        private long countedAt;
        private boolean counted;

        Capacity(long most) {
            this.most = most;
        }

        synchronized void added() {
            used++;
        }

        synchronized void sampled(long rows) {
            used = rows;
            countedAt = System.nanoTime();
            counted = true;
        }

        /** Reports whether the last count is too old to be shown. */
        synchronized boolean isOld() {
            return !counted || System.nanoTime() - countedAt > OLD_AFTER;
        }

        /** Reports whether there is no room left by a count that may be out of date. */
        synchronized boolean isUsedUp() {
            return used >= most && (!counted || System.nanoTime() - countedAt > RECOUNT_AFTER);
        }

        synchronized boolean hasRoom() {
            return used < most;
        }

        synchronized Occupancy occupancy() {
            return new Occupancy(used, most);
        }

        CallbackStoreFullException full() {
            return new CallbackStoreFullException("The store is full: its table contains " + most
                    + " callbacks, and recovers as they expire and are removed. Raise store.capacity");
        }

        @Override
        public synchronized String toString() {
            return used + " of " + most;
        }
    }
}
