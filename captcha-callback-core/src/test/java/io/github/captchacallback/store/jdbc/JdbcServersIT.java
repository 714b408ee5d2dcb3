package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.store.CallbackStoreContract;
import io.github.captchacallback.store.StoreFixture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;

/** Runs the contracts on PostgreSQL and MariaDB, with several isolation levels, and with and without commits by the driver. */
class JdbcServersIT {

    private static final String WITH_MARIADB = "io.github.captchacallback.store.jdbc.TestServer#isMariadbInstalled";
    private static final String WITHOUT_MARIADB =
            "SKIPPED: the store was not tested on MariaDB. Install mariadb-server";

    @Nested
    class PostgresqlByDefault extends ServerContracts {
        PostgresqlByDefault() {
            super(JdbcPlatform.POSTGRESQL, "", true, "");
        }
    }

    @Nested
    class PostgresqlSerializableWithoutAutoCommit extends ServerContracts {
        PostgresqlSerializableWithoutAutoCommit() {
            super(JdbcPlatform.POSTGRESQL, "TRANSACTION_SERIALIZABLE", false, "");
        }
    }

    /** The default of MariaDB is REPEATABLE READ. Its driver counts an update that changes nothing as none. */
    @Nested
    @EnabledIf(value = WITH_MARIADB, disabledReason = WITHOUT_MARIADB)
    class MariadbByDefaultCountingChangedRows extends ServerContracts {
        MariadbByDefaultCountingChangedRows() {
            super(JdbcPlatform.MARIADB, "", true, "?useAffectedRows=true");
        }
    }

    @Nested
    @EnabledIf(value = WITH_MARIADB, disabledReason = WITHOUT_MARIADB)
    class MariadbSerializableWithoutAutoCommit extends CallbackStoreContract {
        @Override
        protected StoreFixture createFixture() {
            return ServerContracts.fixture(JdbcPlatform.MARIADB, "TRANSACTION_SERIALIZABLE", false, "");
        }
    }
}
