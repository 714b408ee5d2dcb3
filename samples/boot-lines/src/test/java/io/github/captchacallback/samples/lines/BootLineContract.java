package io.github.captchacallback.samples.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.servlet.GuardedApplication;
import io.github.captchacallback.servlet.HttpContract;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what holds for the packaged application on every line, and in each container: what holds for the filter, and more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BootLineContract implements HttpContract {

    private static final String SECRET_WORDS = "long enough for HMAC";

    private final String boot;
    private final String container;
    private BootLine line;

    BootLineContract(String boot, String container) {
        this.boot = boot;
        this.container = container;
    }

    @BeforeAll
    final void start() {
        line = BootLine.start("boot-" + boot + "-" + container.toLowerCase(Locale.ROOT));
    }

    @AfterAll
    final void stop() {
        if (line != null) {
            line.close();
        }
    }

    @Override
    public final GuardedApplication application() {
        return line;
    }

    /** Six jars of one line would pass as well. */
    @Test
    final void applicationWhenStartedThenItIsOfTheLineAndInTheContainerThatTheTestIsNamedFor() {
        assertThat(line.container()).isEqualTo(container);
        assertThat(line.log()).containsPattern(":: Spring Boot ::\\W+v" + boot.replace(".", "\\.") + "\\.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/orders", "/captcha/callbackfoo", "/captcha"})
    final void requestWhenItIsForAnotherPathThenTheApplicationsOwnChainAsksWhoItIs(String path) {
        HttpResponse<String> answer = line.fetch(path);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(scheme -> assertThat(scheme).startsWith("Basic"));
    }

    @Test
    final void actuatorWhenAskedThenItShowsHealthPolicyAndMetersAndNoSecret() {
        line.assertAccepts(line.issue());

        String health = line.read("/actuator/health");
        String endpoint = line.read("/actuator/captchacallback");
        String environment = line.read("/actuator/env");
        String meters = line.read("/actuator/metrics");

        assertThat(health).contains("\"captchaCallback\"", "\"references\"").doesNotContain("DOWN");
        assertThat(endpoint).contains("\"k1\"", "\"accepted\"", "138.201.0.0");
        assertThat(environment).contains("captcha.callback.signature.keys.k1", "CAPTCHA_SECRET");
        assertThat(meters)
                .contains(
                        "captcha.callback.verdicts",
                        "captcha.callback.verification",
                        "captcha.callback.issued",
                        "captcha.callback.claims",
                        "captcha.callback.store.references",
                        "captcha.callback.handling");
        assertThat(List.of(health, endpoint, environment, meters))
                .allSatisfy(shown -> assertThat(shown).doesNotContain(SECRET_WORDS));
    }

    @Test
    final void logWhenCallbacksComeAndGoThenItHoldsNoTokenAndNoSecret() {
        String issued = line.issue();
        String mac = issued.substring(issued.lastIndexOf('.') + 1);
        String forged = issued.replace(mac, "0".repeat(mac.length()));

        assertThat(line.callAsService(forged + "&id=1&code=2").statusCode()).isEqualTo(403);
        assertThat(line.callAsService(issued + "&id=1").statusCode()).isEqualTo(400);
        assertThat(line.callAsService(issued + "&id=1&code=first:throw:").statusCode())
                .isEqualTo(500);
        assertThat(line.callAsService(issued + "&id=1&code=2").statusCode()).isEqualTo(200);
        assertThat(line.callAsService(issued + "&id=1&code=2").statusCode()).isEqualTo(409);

        assertThat(line.log())
                .contains("on purpose", "Refused a callback from 138.201.1.1")
                .doesNotContain(mac)
                .doesNotContain(SECRET_WORDS);
    }
}
