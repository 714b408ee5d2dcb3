package io.github.captchacallback.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Runs the scripts that the library ships, as an application's migrations would. */
final class Scripts {

    private Scripts() {}

    static void createTable(DataSource dataSource, JdbcPlatform platform) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : text(platform).replaceAll("(?m)^--.*$", "").split(";", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(JdbcPlatform platform) {
        return platform.readSchemaScript();
    }
}
