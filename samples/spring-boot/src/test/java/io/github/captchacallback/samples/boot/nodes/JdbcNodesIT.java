package io.github.captchacallback.samples.boot.nodes;

import io.github.captchacallback.store.jdbc.JdbcPlatform;
import io.github.captchacallback.store.jdbc.TestServer;
import java.util.List;

/** Runs three nodes over one PostgreSQL. */
class JdbcNodesIT extends NodesContract {

    private final TestServer postgresql = TestServer.of(JdbcPlatform.POSTGRESQL);

    @Override
    List<String> store() {
        return List.of(
                "captcha.callback.store.type=jdbc",
                "spring.datasource.url=" + postgresql.url(postgresql.port()),
                "spring.datasource.username=postgres",
                "spring.datasource.hikari.connection-timeout=1000",
                "spring.datasource.hikari.initialization-fail-timeout=10000");
    }

    @Override
    void restartStore() {
        postgresql.kill();
        postgresql.start();
    }
}
