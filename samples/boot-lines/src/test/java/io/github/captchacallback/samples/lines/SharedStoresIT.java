package io.github.captchacallback.samples.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.store.redis.RedisServer;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the packaged application on the stores that nodes share, by its command line, on the lines of Boot 4. */
class SharedStoresIT {

    @ParameterizedTest
    @ValueSource(strings = {"boot-4.0-tomcat", "boot-4.1-tomcat"})
    void applicationWhenStoreIsADatabaseThenOneCallbackIsAcceptedOnce(String name) {
        try (BootLine line = BootLine.start(
                name,
                "--captcha.callback.store.type=jdbc",
                "--spring.datasource.url=jdbc:h2:mem:callbacks;DB_CLOSE_DELAY=-1")) {
            assertThat(line.log()).contains("store JdbcCallbackStore");
            assertAcceptsOnce(line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot-4.0-tomcat", "boot-4.1-tomcat"})
    void applicationWhenStoreIsARedisThenOneCallbackIsAcceptedOnce(String name) throws IOException {
        try (RedisServer redis = RedisServer.start();
                BootLine line = BootLine.start(
                        name,
                        "--captcha.callback.store.type=redis",
                        "--spring.data.redis.url=redis://127.0.0.1:" + redis.port())) {
            assertThat(line.log()).contains("store RedisCallbackStore");
            assertAcceptsOnce(line);
        }
    }

    private static void assertAcceptsOnce(BootLine line) {
        String issued = line.issue();
        String reference = issued.split("\\.", -1)[2];
        String genuine = issued + "&id=70123456789&code=answer";

        assertThat(line.callAsService(genuine).statusCode()).isEqualTo(200);
        line.awaitClaims(issued, "Accepted", "Settled");
        assertThat(line.callAsService(genuine + "-changed").statusCode())
                .as("another answer under the same token")
                .isNotEqualTo(200);
        line.callAsService(genuine);

        assertThat(line.arrivals(reference)).hasSize(1);
        assertThat(line.claims(reference)).containsExactly("Accepted", "Settled");
        assertThat(line.read("/actuator/health"))
                .contains("\"captchaCallback\"")
                .doesNotContain("DOWN");
    }
}
