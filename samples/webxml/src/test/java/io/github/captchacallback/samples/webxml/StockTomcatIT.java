package io.github.captchacallback.samples.webxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.captchacallback.samples.tasks.AnswersContract;
import io.github.captchacallback.samples.tasks.Demo;
import io.github.captchacallback.samples.tasks.TasksContract;
import io.github.captchacallback.samples.tasks.WireToken;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploys the WAR as it was built to a Tomcat as it is downloaded, under the context path that it gets there. */
class StockTomcatIT {

    private static StockTomcat tomcat;

    @BeforeAll
    static void start(@TempDir Path directory) {
        tomcat = StockTomcat.start(directory, Map.of("CAPTCHA_CALLBACK_SIGNATURE_KEYS_" + Demo.KEY_ID, Demo.SECRET));
    }

    @AfterAll
    static void stop() {
        tomcat.close();
    }

    @Nested
    class Tasks extends TasksContract {

        Tasks() {
            super(tomcat);
        }
    }

    @Nested
    class Answers extends AnswersContract {

        Answers() {
            super(tomcat);
        }
    }

    @Test
    void deployThenTheLogsHoldNoSecretNoTokenAndNoAnswer() {
        Demo.Expected expected = tomcat.expect();
        String token = expected.target().substring(expected.target().indexOf("v1."));
        WireToken forged = WireToken.of(tomcat, 1_700_000_000).signedBy("a-secret-that-somebody-else-has-made-up");
        tomcat.get(expected.solved("an-answer-for-nobody-else"));
        tomcat.get(forged.target());
        tomcat.post("/demo/tasks", "deliver", "sometimes");
        tomcat.get(expected.solved("an-answer-for-nobody-else"));

        // Tomcat writes its logs in the background.
        await().until(() -> tomcat.log().contains("reference " + expected.reference()));
        assertThat(tomcat.log())
                .contains("Refused a callback from 127.0.0.1: None of our keys signed this URL")
                .doesNotContain(Demo.SECRET)
                .doesNotContain(token)
                .doesNotContain("v1." + Demo.KEY_ID)
                .doesNotContain("an-answer-for-nobody-else");
    }

    @Test
    void deployWhenThereIsNoKeyThenTheWebappDoesNotStartAndTheLogSaysWhy(@TempDir Path directory) {
        try (StockTomcat keyless = StockTomcat.start(directory, Map.of())) {
            await().untilAsserted(() -> assertThat(keyless.log())
                    .contains("captcha.callback.signature.keys.<key-id>: there is no signing key. Give one, for example"
                            + " captcha.callback.signature.keys.2026-11=env:CAPTCHA_SECRET")
                    .contains("Context [/captcha-demo] startup failed"));

            assertThat(keyless.get("/").statusCode()).isEqualTo(404);
            assertThat(keyless.get(Demo.PATH).statusCode()).isEqualTo(404);
        }
    }
}
