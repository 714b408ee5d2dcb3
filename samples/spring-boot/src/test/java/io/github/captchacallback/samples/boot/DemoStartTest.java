package io.github.captchacallback.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.samples.tasks.Demo.Expected;
import io.github.captchacallback.settings.CallbackSettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Says what the demo does for itself when it is started, what stops its start, and what it never prints. */
@ExtendWith(OutputCaptureExtension.class)
class DemoStartTest {

    private static final String KEY = "captcha.callback.signature.keys.demo";

    @Test
    void mainThenMakesARandomKeyForTheRunAndPrintsNoSecret(CapturedOutput output) {
        String first;
        String token;
        try (RunningDemo demo = RunningDemo.startAsUsersDo("logging.level.io.github.captchacallback=trace")) {
            first = demo.property(KEY);
            Expected expected = demo.expect();
            token = expected.target().substring(expected.target().indexOf("v1."));
            demo.submit("deliver", "early");
            demo.get(expected.solved("an-answer"));
            demo.get(expected.solved("an-answer"));
            demo.post("/demo/attacks/forged");
            demo.post("/demo/tasks", "deliver", "sometimes");
            assertThat(output)
                    .contains("Open http://localhost:" + demo.port() + "/ and press Ctrl-C here to end the demo");
        }
        String second;
        try (RunningDemo demo = RunningDemo.startAsUsersDo()) {
            second = demo.property(KEY);
        }

        assertThat(first).startsWith("base64:").isNotEqualTo(second);
        assertThat(Base64.getDecoder().decode(first.substring("base64:".length())))
                .hasSize(32);
        assertThat(output)
                .contains("Refused a callback from 127.0.0.1")
                .doesNotContain("base64:")
                .doesNotContain(first.substring("base64:".length()))
                .doesNotContain(second.substring("base64:".length()))
                .doesNotContain("v1.")
                .doesNotContain(token)
                .doesNotContain("an-answer")
                .doesNotContain("generated security password");
    }

    @Test
    void mainWhenAKeyIsGivenThenMakesNone() {
        assertThat(RunningDemo.shared().expect().target()).contains("?token=v1.test.");
    }

    @Test
    void mainThenListensOnThisMachineAlone() {
        assertThat(RunningDemo.shared().property("server.address")).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.port", "demo.simulator.port"})
    void mainWhenAPortIsTakenThenOneLineSaysHowToChooseAnother(String key, CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> RunningDemo.startAsUsersDo(key + "=" + port))
                    .isInstanceOf(SpringApplication.AbandonedRunException.class);

            assertThat(output.getAll().strip().lines())
                    .singleElement()
                    .asString()
                    .contains("Port " + port + " is taken", "--" + key + "=" + (port + 1));
        }
    }

    @Test
    void closeWhenAPageIsOpenThenEndsWithoutWaitingForIt() {
        RunningDemo demo = RunningDemo.start();
        CompletableFuture<HttpResponse<InputStream>> page = demo.stream("/demo/events");
        assertThat(page.join().statusCode()).isEqualTo(200);

        assertThat(CompletableFuture.runAsync(demo::close)).succeedsWithin(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "captcha.callback.source.alow=127.0.0.1|captcha.callback.source.alow: there is no such setting.",
                "captcha.callback.signature.keys.demo=correct-horse-battery|captcha.callback.signature.keys.demo: the secret"
                        + " has 21 bytes, and 32 are the least.",
                "captcha.callback.source.allow=127.0.0.1/33|captcha.callback.source.allow = '127.0.0.1/33': the length of a"
                        + " block is a number from 0 to 32.",
                "captcha.callback.freshness.ttl=300|captcha.callback.freshness.ttl = '300': this is no duration in range.",
                "captcha.callback.require-https=maybe|captcha.callback.require-https = 'maybe': this is none of the choices.",
            })
    void mainWhenASettingCannotBeUsedThenStopsWithAShortMessage(String setting, String message, CapturedOutput output) {
        assertThatThrownBy(() -> RunningDemo.startAsUsersDo(setting))
                .hasRootCauseInstanceOf(CallbackSettingsException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Description:\n\n" + message + "\n\nAction:\n\n")
                .doesNotContain("\tat ")
                .doesNotContain("correct-horse-battery");
    }
}
