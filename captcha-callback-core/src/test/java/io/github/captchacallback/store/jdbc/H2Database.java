package io.github.captchacallback.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.store.StoreFixture;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Represents the H2 database in this process that the unit tests use. */
final class H2Database {

    private static final String URL = "jdbc:h2:mem:callbacks;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
    private static final DataSource DIRECT = direct();

    private H2Database() {}

    private static DataSource direct() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(URL);
        Scripts.createTable(dataSource, JdbcPlatform.H2);
        return dataSource;
    }

    static DataSource dataSource() {
        return DIRECT;
    }

    static HikariDataSource pool(Consumer<HikariConfig> settings) {
        return pool(URL, settings);
    }

    static HikariDataSource pool(String url, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    static StoreFixture fixture(DataSource tested) {
        return new JdbcFixture(DIRECT, tested);
    }
}
