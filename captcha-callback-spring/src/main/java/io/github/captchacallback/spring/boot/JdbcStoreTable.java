package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.store.jdbc.JdbcPlatform;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Creates the store's table by the script that the core ships. */
final class JdbcStoreTable {

    private static final String DEFAULT_NAME = "captcha_callback";
    private static final String IN_THIS_PROCESS = "jdbc:h2:mem:";

    private final DataSource dataSource;
    private final String table;
    private final @Nullable JdbcPlatform platform;

    JdbcStoreTable(DataSource dataSource, String table, @Nullable JdbcPlatform platform) {
        this.dataSource = dataSource;
        this.table = table;
        this.platform = platform;
    }

    /**
     * Creates the table unless it exists. If the database is unavailable, that is left to the store, which says so.
     *
     * @param always whether that is done in any database, and not only in one in this process
     * @throws CallbackSettingsException if the table cannot be created
     */
    void create(boolean always) {
        try (Connection connection = dataSource.getConnection()) {
            if ((always || isInThisProcess(connection)) && !exists(connection)) {
                run(connection);
            }
        } catch (SQLException e) {
            // No connection: the store meets the same, and recovers with the database.
        }
    }

    private static boolean isInThisProcess(Connection connection) throws SQLException {
        return String.valueOf(connection.getMetaData().getURL()).startsWith(IN_THIS_PROCESS);
    }

    private boolean exists(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select 1 from " + table + " where 1 = 0").close();
            return true;
        } catch (SQLException e) {
            return false;
        } finally {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    private void run(Connection connection) {
        JdbcPlatform used = null;
        try (Statement statement = connection.createStatement()) {
            used = platform != null
                    ? platform
                    : JdbcPlatform.of(connection.getMetaData())
                            .orElseThrow(() -> new SQLException("there is no script for this database"));
            for (String sql : statements(used)) {
                statement.execute(sql);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException e) {
            throw new CallbackSettingsException(
                    "store.jdbc.initialize-schema",
                    null,
                    "the table " + table + " could not be created: " + e.getMessage(),
                    "Run " + (used == null ? "the script of your database" : used.schemaScript())
                            + " of the captcha-callback-core jar by hand, and write never here");
        }
    }

    private List<String> statements(JdbcPlatform of) {
        String unqualified = table.substring(table.indexOf('.') + 1);
        String script = of.readSchemaScript()
                .replaceAll("(?m)^--.*$", "")
                .replace(DEFAULT_NAME + "_", unqualified + "_")
                .replaceAll(DEFAULT_NAME + "\\b", table.replace("$", "\\$"));
        return Arrays.stream(script.split(";", -1))
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
    }
}
