package io.github.captchacallback.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.CallbackStoreContract;
import io.github.captchacallback.store.CleaningContract;
import io.github.captchacallback.store.StoreFixture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;

/** Runs the contracts on a real server, by a pool that is set in one of the ways in which applications set theirs. */
abstract class ServerContracts {

    private static final Map<Variant, HikariDataSource> POOLS = new ConcurrentHashMap<>();

    private final Variant variant;

    /**
     * Describes a pool.
     *
     * @param isolation the name of a constant of {@link java.sql.Connection}; empty for the server's default
     * @param driverOptions what is added to the URL
     */
    private record Variant(JdbcPlatform platform, String isolation, boolean autoCommit, String driverOptions) {

        HikariDataSource newPool() {
            return TestServer.of(platform).pool(config -> {
                config.setJdbcUrl(config.getJdbcUrl() + driverOptions);
                config.setAutoCommit(autoCommit);
                config.setTransactionIsolation(isolation.isEmpty() ? null : isolation);
            });
        }

        StoreFixture newFixture() {
            return new JdbcFixture(
                    POOLS.computeIfAbsent(new Variant(platform, "", true, ""), Variant::newPool),
                    POOLS.computeIfAbsent(this, Variant::newPool));
        }
    }

    ServerContracts(JdbcPlatform platform, String isolation, boolean autoCommit, String driverOptions) {
        variant = new Variant(platform, isolation, autoCommit, driverOptions);
    }

    static StoreFixture fixture(JdbcPlatform platform, String isolation, boolean autoCommit, String driverOptions) {
        return new Variant(platform, isolation, autoCommit, driverOptions).newFixture();
    }

    StoreFixture newFixture() {
        return variant.newFixture();
    }

    @Nested
    class Store extends CallbackStoreContract {
        @Override
        protected StoreFixture createFixture() {
            return newFixture();
        }
    }

    @Nested
    class Inbox extends CallbackInboxContract {
        @Override
        protected StoreFixture createFixture() {
            return newFixture();
        }
    }

    @Nested
    class Cleaning extends CleaningContract {
        @Override
        protected StoreFixture createFixture() {
            return newFixture();
        }
    }
}
