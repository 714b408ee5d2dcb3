package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.store.CallbackStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;

/** Says what went wrong without what a driver quotes: messages about data can contain an answer. */
final class Failures {

    /** Classes of SQLSTATE whose messages are about the connection, the server or its rights, and not about data. */
    private static final Set<String> HARMLESS = Set.of("08", "28", "3D", "40", "42", "53", "55", "57", "58");

    /** Classes of SQLSTATE that another attempt does not change: table, column, right or password is missing. */
    private static final Set<String> DEFINITE = Set.of("28", "3D", "3F", "42", "S0");

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

    /** Reports whether the application's setup has to be corrected: waiting for the database does not help. */
    static boolean isDefinite(SQLException e) {
        return DEFINITE.contains(stateClass(e));
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
