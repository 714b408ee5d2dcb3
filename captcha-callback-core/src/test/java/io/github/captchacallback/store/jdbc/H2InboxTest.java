package io.github.captchacallback.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.StoreFixture;
import org.junit.jupiter.api.AfterAll;

class H2InboxTest extends CallbackInboxContract {

    private static final HikariDataSource POOL = H2Database.pool(config -> {});

    @AfterAll
    static void closePool() {
        POOL.close();
    }

    @Override
    protected StoreFixture createFixture() {
        return H2Database.fixture(POOL);
    }
}
