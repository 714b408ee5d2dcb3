package io.github.captchacallback.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Describes how a database differs from the others. All times are milliseconds since the epoch by the database's clock, in UTC:
 * daylight-saving time must not repeat an hour.
 */
enum Dialect {
    POSTGRESQL(
            // The start of the statement. now() would be the start of the transaction, and clock_timestamp() uses no
            // index.
            "cast(extract(epoch from statement_timestamp()) * 1000 as bigint)", "limit :limit", """
            delete from {table} where callback_key = any (array(
                select callback_key from {table} where expires_at <= {now}
                 order by expires_at limit :limit for update skip locked))
            """),
    MYSQL(
            "(timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(3)) div 1000)",
            "limit :limit",
            "delete from {table} where expires_at <= {now} order by expires_at limit :limit"),
    H2(
            "cast(extract(epoch from current_timestamp) * 1000 as bigint)",
            "limit :limit",
            "delete from {table} where expires_at <= {now} fetch first :limit rows only"),
    SQLSERVER(
            "datediff_big(millisecond, '1970-01-01', sysutcdatetime())",
            "offset 0 rows fetch next :limit rows only",
            "delete top (:limit) from {table} with (readpast, rowlock) where expires_at <= {now}"),
    ORACLE(
            "((trunc(cast(sys_extract_utc(systimestamp) as date), 'MI') - date '1970-01-01') * 86400000"
                    + " + trunc(extract(second from systimestamp) * 1000))",
            "offset 0 rows fetch next :limit rows only",
            "delete from {table} where expires_at <= {now} and rownum <= :limit");

    /** Raised by databases of every kind: serialization failure, and deadlock of PostgreSQL. */
    private static final Set<String> TRANSIENT_STATES = Set.of("40001", "40P01", "55P03");

    private final String now;
    private final String limit;
    private final String cleaning;

    Dialect(String now, String limit, String cleaning) {
        this.now = now;
        this.limit = limit;
        this.cleaning = cleaning;
    }

    static Dialect of(JdbcPlatform platform) {
        return switch (platform) {
            case POSTGRESQL -> POSTGRESQL;
            case MYSQL, MARIADB -> MYSQL;
            case H2 -> H2;
            case SQLSERVER -> SQLSERVER;
            case ORACLE -> ORACLE;
        };
    }

    /** Returns the expression for the time of the current statement. */
    String now() {
        return now;
    }

    /** Returns the clause that bounds an ordered selection by the parameter {@code limit}. */
    String limit() {
        return limit;
    }

    /** Returns the statement that removes at most {@code limit} expired rows. */
    String cleaning() {
        return cleaning;
    }

    /**
     * Returns the end of an insertion that may meet a row of the same key. Of PostgreSQL it answers that no row was inserted. Of
     * all others it raises {@link #isDuplicate}, since their upserts cannot tell who has won.
     */
    String unlessKnown() {
        return this == POSTGRESQL ? " on conflict (callback_key) do nothing" : "";
    }

    /** Reports whether one statement can take due work, skip what others are taking, and return it. */
    boolean takesDueInOneStatement() {
        return this == POSTGRESQL;
    }

    /**
     * Reports whether a key exists already. Only the vendor's own code says so: other violations of constraints, such as a value
     * that is too long, have the same class of SQLSTATE.
     */
    boolean isDuplicate(SQLException e) {
        int code = e.getErrorCode();
        return switch (this) {
            case POSTGRESQL -> "23505".equals(e.getSQLState());
            case MYSQL -> code == 1062;
            case H2 -> code == 23505;
            case SQLSERVER -> code == 2627 || code == 2601;
            case ORACLE -> code == 1;
        };
    }

    /** Reports whether the statement did nothing because another was in its way, and may succeed if it is repeated. */
    boolean isTransient(SQLException e) {
        int code = e.getErrorCode();
        return TRANSIENT_STATES.contains(String.valueOf(e.getSQLState()))
                || switch (this) {
                    case POSTGRESQL -> false;
                    // Lock wait timeout, deadlock, changed since it was read, and a Galera node that is not ready.
                    case MYSQL -> code == 1205 || code == 1213 || code == 1020 || code == 1047;
                    // Lock timeout, deadlock, concurrent update.
                    case H2 -> code == 50200 || code == 40001 || code == 90131;
                    case SQLSERVER -> code == 1205 || code == 1222 || code == 3960;
                    case ORACLE -> code == 60 || code == 8177 || code == 30006;
                };
    }

    /**
     * Reports whether statements of this kind have to be run at READ COMMITTED, given the level that connections have.
     *
     * @param byKey whether the statement touches one row, by its key
     */
    boolean mustLower(int level, boolean byKey) {
        // MySQL's default locks no more than the row if that is found by its key, and setting the level costs round
        // trips.
        boolean harmless = this == MYSQL && byKey && level == Connection.TRANSACTION_REPEATABLE_READ;
        return level != Connection.TRANSACTION_READ_COMMITTED && level != Connection.TRANSACTION_NONE && !harmless;
    }
}
