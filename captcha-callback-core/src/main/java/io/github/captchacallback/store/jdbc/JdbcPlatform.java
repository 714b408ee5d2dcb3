package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.settings.JdbcStoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Names the databases that the store has statements and a schema script for. */
public enum JdbcPlatform {
    /** PostgreSQL 12 or later. CockroachDB and YugabyteDB are used as it, and are not tested by this library. */
    POSTGRESQL,
    /** MySQL 8.0.17 or later. Tested through MariaDB, whose statements are the same. */
    MYSQL,
    /** MariaDB 10.6 or later. */
    MARIADB,
    /** H2 2.2 or later. */
    H2,
    /** SQL Server 2016 or later. Not tested by this library. */
    SQLSERVER,
    /** Oracle Database 12.2 or later. Not tested by this library. */
    ORACLE;

    private static final String FOLDER = "io/github/captchacallback/store/jdbc/";

    /** Returns the name that {@code store.jdbc.platform} takes, such as {@code postgresql}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the class-path resource that creates the table, such as {@code io/…/schema-postgresql.sql}. */
    public String schemaScript() {
        return FOLDER + "schema-" + id() + ".sql";
    }

    /** Reads the script that creates the table. */
    public String readSchemaScript() {
        try (InputStream script = JdbcPlatform.class.getResourceAsStream("schema-" + id() + ".sql")) {
            if (script == null) {
                throw new IllegalStateException("The jar of captcha-callback-core lacks " + schemaScript());
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the database that the settings name; empty if it is found out from the first connection. */
    public static Optional<JdbcPlatform> of(JdbcStoreSettings settings) {
        return Optional.ofNullable(settings.platform()).map(id -> valueOf(id.toUpperCase(Locale.ROOT)));
    }

    /**
     * Finds out what a connection leads to. The driver's name does not say it: MySQL's driver calls a MariaDB server MySQL.
     *
     * @param metaData the connection's
     * @return empty if it is none of these
     * @throws SQLException if the database cannot be asked
     */
    public static Optional<JdbcPlatform> of(DatabaseMetaData metaData) throws SQLException {
        String product = metaData.getDatabaseProductName().toLowerCase(Locale.ROOT);
        String version = metaData.getDatabaseProductVersion().toLowerCase(Locale.ROOT);
        if (product.contains("mariadb") || version.contains("mariadb")) {
            return Optional.of(MARIADB);
        }
        return Optional.ofNullable(
                switch (product) {
                    case "postgresql", "cockroachdb", "yugabytedb" -> POSTGRESQL;
                    case "mysql" -> MYSQL;
                    case "h2" -> H2;
                    case "microsoft sql server" -> SQLSERVER;
                    case "oracle" -> ORACLE;
                    default -> null;
                });
    }
}
