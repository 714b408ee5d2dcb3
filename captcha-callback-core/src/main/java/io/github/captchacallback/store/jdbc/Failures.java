package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.store.CallbackStoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Arrays;
import java.util.Set;

/** Describes what went wrong without what a driver quotes: messages about data can contain an answer. */
final class Failures {

    /** Classes of SQLSTATE whose messages are about the connection, the server or its rights, and not about data. */
    private static final Set<String> HARMLESS = Set.of("08", "28", "3D", "40", "42", "53", "55", "57", "58");

    /** Classes of SQLSTATE that say that nobody can log in like this, or that there is no such database. */
    private static final Set<String> REFUSED = Set.of("28", "3D");

    /** PostgreSQL ends its connections with these when it stops. */
    private static final Set<String> SERVER_STOPS = Set.of("57P01", "57P02", "57P03");

    /** Classes of SQLSTATE that say that a transaction cannot be ended in this way. */
    private static final Set<String> TRANSACTION_STATE = Set.of("25", "2D", "55", "XA");

    private Failures() {}

    static CallbackStoreException unavailable(SQLException e) {
        return new CallbackStoreException(
                "The database of the callback store failed: " + description(e), isHarmless(e) ? e : redacted(e));
    }

    private static String description(SQLException e) {
        return "SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode();
    }

    private static String stateClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private static boolean isHarmless(SQLException e) {
        return HARMLESS.contains(stateClass(e));
    }

    private static SQLException redacted(SQLException e) {
        SQLException redacted = new SQLException(
                e.getClass().getName() + ", its message is not shown: it may quote data",
                e.getSQLState(),
                e.getErrorCode());
        redacted.setStackTrace(e.getStackTrace());
        return redacted;
    }

    /** Reports whether a statement may have been run although it failed: it was the connection that has failed. */
    static boolean isUnclear(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08")
                || state.equals("40003")
                || SERVER_STOPS.contains(state)
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientException
                || e.getCause() instanceof IOException;
    }

    /** Throws if a failure is one that waiting does not end. */
    static void requireAdmitted(CallbackStoreException failure) {
        if (failure.getCause() instanceof SQLException e && REFUSED.contains(stateClass(e))) {
            throw new CallbackSettingsException(
                    "store.type",
                    "jdbc",
                    "the database does not admit its user (" + description(e) + "): " + e.getMessage(),
                    "Check the name of the database, the user and the password, of the data source or of store.jdbc.url, .username"
                            + " and .password");
        }
    }

    static CallbackSettingsException unusable(String table, JdbcPlatform platform, SQLException e) {
        return new CallbackSettingsException(
                "store.jdbc.table",
                table,
                "the " + platform.id() + " database cannot use this table (" + description(e) + "): " + e.getMessage(),
                "Create the table with " + platform.schemaScript()
                        + " of the captcha-callback-core jar, and let the database's user"
                        + " select, insert, update and delete");
    }

    /**
     * Reports whether a transaction could not be ended because a container keeps that to itself. No class of SQLSTATE is agreed upon for
     * that: containers give none, and drivers say that the state of the transaction is wrong.
     */
    static boolean isForbidden(SQLException e) {
        return !isUnclear(e) && (e.getSQLState() == null || TRANSACTION_STATE.contains(stateClass(e)));
    }

    static CallbackSettingsException forbidden(SQLException e) {
        return new CallbackSettingsException(
                "store.jdbc.data-source",
                null,
                "its connections must not be committed (" + description(e) + "): " + e.getMessage()
                        + ". The container manages their transactions (JTA), and the store commits each of its steps itself",
                "Give the store a data source that takes no part in JTA; on WildFly that is jta=\"false\", on Liberty"
                        + " transactional=\"false\"");
    }

    static CallbackSettingsException noPlatform(Connection connection) {
        String product;
        try {
            product = connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            product = "of an unknown name";
        }
        return new CallbackSettingsException(
                "store.jdbc.platform",
                null,
                "the database is " + product + ", which the store has no statements for",
                "Write the one whose SQL it understands: "
                        + String.join(
                                ", ",
                                Arrays.stream(JdbcPlatform.values())
                                        .map(JdbcPlatform::id)
                                        .toList()));
    }
}
