package io.github.captchacallback.store.jdbc;

import java.util.List;

/**
 * Represents the statements on one table. The row count of one conditional write decides each step, and nothing that was read
 * before does. Every condition checks {@code expires_at} itself, so that an expired row that was not removed yet counts for
 * nothing.
 *
 * <p>MySQL assigns the columns of an {@code update} from left to right, and later assignments see the earlier ones. So a column
 * is assigned after all that read it: {@code state}, {@code lease} and {@code accepted_at} come last.
 */
final class Statements {

    /** The value of {@code due_at} of a dead answer: behind all that is due, and found by the same index. */
    private static final String NEVER = Long.toString(Long.MAX_VALUE);

    private static final String ALIVE = " and expires_at > {now}";
    private static final String HELD = " where callback_key = :key and state = 1 and lease = :lease" + ALIVE;
    private static final String IS_DEAD = " where callback_key = :key and state = 4" + ALIVE;

    /** Erases an answer. What remains is remembered as long as the claim needs. */
    private static final String ERASED =
            "answer = null, reason = null, attempts = 0, due_at = null, expires_at = remembered_until, accepted_at = null";

    private static final String OPEN = """
             where callback_key = :key and expires_at > {now} and (task_id is null or task_id = :task)
               and (state = 0
                 or (state = 2 and accepted_at is null and lease <> :lease)
                 or (state = 1 and (lease = :lease or (accepted_at is null and lease_until <= {now}))))
            """;

    private static final String CLAIMED =
            "task_id = :task, fingerprint = :fingerprint, lease_until = {now} + :leaseFor, lease = :lease, state = 1";

    private final JdbcPlatform platform;
    private final Dialect dialect;
    private final String table;

    /** Adds a row of an expected callback; the nonce recognizes it if the answer was lost. */
    final Sql insertExpected;

    /** Puts an expected callback in the place of an expired row. */
    final Sql replaceByExpected;

    final Sql insertClaimed;
    final Sql insertAccepted;
    final Sql replaceByClaimed;
    final Sql replaceByAccepted;
    final Sql claim;
    final Sql accept;
    final Sql bind;
    final Sql settle;
    final Sql release;
    final Sql renew;
    final Sql abandon;
    final Sql retry;
    final Sql bury;
    final Sql replay;
    final Sql discard;
    final Sql read;
    final Sql takenBefore;
    final Sql answer;
    final Sql due;
    final Sql take;
    final Sql takeDue;
    final Sql dead;
    final Sql depth;
    final Sql count;
    final Sql clean;
    final Sql time;
    final Sql oldest;

    Statements(JdbcPlatform platform, String table) {
        this.platform = platform;
        this.dialect = Dialect.of(platform);
        this.table = table;
        String unlessKnown = dialect.unlessKnown();
        String columns =
                "callback_key, task_id, state, fingerprint, lease, lease_until, expires_at, attempts, accepted_at, reason";
        String reset = later("remembered_until", "{now} + :remembered") + ", " + later("expires_at", "{now} + :keep");
        String anew = "remembered_until = {now} + :remembered, expires_at = {now} + :keep, reason = null, ";
        String withoutAnswer = "attempts = 0, answer = null, due_at = null, accepted_at = null, ";
        String withAnswer = "attempts = 1, answer = :answer, due_at = {now} + :leaseFor, accepted_at = {now}, ";

        insertExpected =
                sql("insert into {table} (callback_key, task_id, state, fingerprint, lease_until, remembered_until,"
                        + " expires_at, attempts) values (:key, :task, 0, :nonce, 0, {now} + :keep, {now} + :keep, 0)"
                        + unlessKnown);
        replaceByExpected =
                sql("update {table} set task_id = :task, fingerprint = :nonce, lease = null, lease_until = 0, "
                        + withoutAnswer
                        + "reason = null, remembered_until = {now} + :keep, state = 0, expires_at = {now} + :keep"
                        + " where callback_key = :key and expires_at <= {now}");

        insertClaimed = sql("insert into {table} (callback_key, task_id, state, fingerprint, lease, lease_until,"
                + " remembered_until, expires_at, attempts) values (:key, :task, 1, :fingerprint, :lease, {now} + :leaseFor,"
                + " {now} + :remembered, {now} + :keep, 0)" + unlessKnown);
        insertAccepted = sql("insert into {table} (callback_key, task_id, state, fingerprint, lease, lease_until,"
                + " remembered_until, expires_at, attempts, answer, due_at, accepted_at) values (:key, :task, 1, :fingerprint,"
                + " :lease, {now} + :leaseFor, {now} + :remembered, {now} + :keep, 1, :answer, {now} + :leaseFor, {now})"
                + unlessKnown);
        replaceByClaimed = sql("update {table} set " + anew + withoutAnswer + CLAIMED
                + " where callback_key = :key and expires_at <= {now}");
        replaceByAccepted = sql("update {table} set " + anew + withAnswer + CLAIMED
                + " where callback_key = :key and expires_at <= {now}");
        claim = sql("update {table} set " + reset
                + ", due_at = case when accepted_at is null then null else {now} + :leaseFor end, " + CLAIMED + OPEN);
        accept = sql("update {table} set " + reset
                + ", attempts = case when accepted_at is null then 1 else attempts end"
                + ", answer = case when accepted_at is null then :answer else answer end"
                + ", due_at = {now} + :leaseFor, accepted_at = coalesce(accepted_at, {now}), " + CLAIMED + OPEN);

        bind = sql("update {table} set task_id = :task where callback_key = :key" + ALIVE
                + " and (task_id is null or task_id = :task)");
        settle = sql("update {table} set " + ERASED + ", state = 3" + HELD);
        release = sql("update {table} set fingerprint = case when accepted_at is null then null else fingerprint end"
                + ", attempts = case when accepted_at is null then 0 else attempts - 1 end"
                + ", lease_until = case when accepted_at is null then 0 else {now} end"
                + ", due_at = case when accepted_at is null then null else {now} end, state = 2" + HELD);
        renew = sql("update {table} set " + later("remembered_until", "{now} + :leaseFor") + ", "
                + later("expires_at", "{now} + :leaseFor")
                + ", due_at = case when accepted_at is null then null else {now} + :leaseFor end"
                + ", lease_until = {now} + :leaseFor" + HELD);
        abandon = sql("delete from {table} where callback_key = :key" + ALIVE
                + " and accepted_at is null and (state = 0 or state = 2 or (state = 1 and lease_until <= {now}))");

        retry = sql("update {table} set lease_until = {now} + :after, due_at = {now} + :after, state = 2" + HELD
                + " and accepted_at is not null");
        bury = sql("update {table} set reason = :reason, due_at = " + NEVER + ", "
                + later("expires_at", "{now} + :keep") + ", state = 4" + HELD + " and accepted_at is not null");
        replay = sql("update {table} set attempts = 0, reason = null, lease_until = {now}, due_at = {now}, "
                + later("expires_at", "{now} + :keep") + ", state = 2" + IS_DEAD);
        discard = sql("update {table} set " + ERASED + ", state = 3" + IS_DEAD);

        read = sql("select " + columns + ", {now} as db_time from {table} where callback_key = :key");
        takenBefore = sql("select callback_key from {table} where due_at > {now} and due_at <= {now} + :leaseFor"
                + " and state = 1 and lease = :lease" + ALIVE + " order by due_at " + dialect.limit());
        answer = sql("select callback_key, task_id, answer, attempts, accepted_at, {now} as db_time from {table}" + HELD
                + " and accepted_at is not null");
        String isDue = " where due_at <= {now} and lease <> :lease" + ALIVE;
        due = sql("select callback_key, lease as last_lease from {table}" + isDue + " order by due_at "
                + dialect.limit());
        String taken =
                "update {table} set attempts = attempts + 1, " + later("remembered_until", "{now} + :leaseFor") + ", "
                        + later("expires_at", "{now} + :leaseFor")
                        + ", lease_until = {now} + :leaseFor, due_at = {now} + :leaseFor, lease = :lease, state = 1";
        take = sql(taken + " where callback_key = :key and due_at <= {now} and lease = :lastLease" + ALIVE);
        takeDue = sql(taken + " where callback_key = any (array(select callback_key from {table}" + isDue
                + " order by due_at limit :limit for update skip locked))"
                + " returning callback_key, task_id, answer, attempts, accepted_at, {now} as db_time");
        dead = sql("select " + columns + ", {now} as db_time from {table} where due_at = " + NEVER
                + " and callback_key > :cursor" + ALIVE + " order by callback_key " + dialect.limit());
        depth = sql("select sum(case when due_at > {now} and state = 1 then 1 else 0 end) as in_progress"
                + ", sum(case when due_at > {now} and state = 2 then 1 else 0 end) as waiting"
                + ", sum(case when due_at <= {now} then 1 else 0 end) as due"
                + ", sum(case when state = 4 then 1 else 0 end) as dead"
                + ", min(due_at) as first_due, {now} as db_time from {table} where due_at is not null" + ALIVE);
        count = sql("select count(*) as entries from {table}");
        clean = sql(dialect.cleaning());
        oldest = sql("select min(expires_at) as oldest, {now} as db_time from {table}");
        time = sql("select {now} as db_time" + (dialect == Dialect.ORACLE ? " from dual" : ""));
    }

    JdbcPlatform platform() {
        return platform;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Returns statements that touch no row, and fail if the table, a column or a right is missing. */
    List<Sql> checks() {
        String columns = "callback_key, task_id, state, fingerprint, lease, lease_until, remembered_until, expires_at,"
                + " attempts, accepted_at, due_at, reason, answer";
        return List.of(
                sql("insert into {table} (" + columns + ") select " + columns + " from {table} where 1 = 0"),
                sql("update {table} set state = 0 where 1 = 0"),
                sql("delete from {table} where 1 = 0"));
    }

    private Sql sql(String template) {
        return Sql.of(template.replace("{now}", dialect.now()).replace("{table}", table));
    }

    /** Assigns to a column the later of two times; not every database has {@code greatest}. */
    private static String later(String column, String time) {
        return column + " = case when " + column + " > " + time + " then " + column + " else " + time + " end";
    }
}
