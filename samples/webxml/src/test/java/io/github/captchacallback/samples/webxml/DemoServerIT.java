package io.github.captchacallback.samples.webxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.captchacallback.samples.tasks.AnswersContract;
import io.github.captchacallback.samples.tasks.Demo;
import io.github.captchacallback.samples.tasks.TasksContract;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the demo, whose webapp has no context path. */
class DemoServerIT {

    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#][^\"]*)\"");

    private static ServedDemo demo;

    @BeforeAll
    static void start() {
        demo = ServedDemo.start(Map.of());
    }

    @AfterAll
    static void stop() {
        demo.close();
    }

    @Nested
    class Tasks extends TasksContract {

        Tasks() {
            super(demo);
        }
    }

    @Nested
    class Answers extends AnswersContract {

        Answers() {
            super(demo);
        }
    }

    @Test
    void postWhenTheTokenStandsInThePathThenTheEndpointIsThereToo() {
        try (ServedDemo path = ServedDemo.start(Map.of("signature.url-style", "path"))) {
            JsonNode task = path.submit("delay", "0");

            assertThat(task.get("callbackUrl").asText()).startsWith(path.publicUrl() + "/v1.test.");
            assertThat(path.ended(task.get("reference").asText()).get("state").asText())
                    .isEqualTo("solved");
        }
    }

    /** The servlet is mapped to all paths below the callback path, and the filter guards these, too. */
    @ParameterizedTest
    @ValueSource(strings = {"/extra", "/", "/v1.test.reference.1.mac", "/a/b"})
    void getWhenThePathIsBelowTheCallbackPathThenItIsMalformed(String below) {
        HttpResponse<String> answer = demo.get(Demo.PATH + below + "?id=1&code=2");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"malformed callback\"}");
    }

    @Test
    void startWhenThePortIsTakenThenSaysSo() {
        assertThatThrownBy(() -> ServedDemo.startAt(demo.port(), Map.of()))
                .hasMessage("Cannot listen on 127.0.0.1:" + demo.port());
    }

    @Test
    void getThenThePageIsThereWithAllThatItRefersTo() {
        HttpResponse<String> page = demo.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(REFERENCE.matcher(page.body()).results().map(reference -> reference.group(1)))
                .filteredOn(file -> !file.startsWith("data:"))
                .contains("demo.css", "demo.js")
                .allSatisfy(
                        file -> assertThat(demo.get("/" + file).statusCode()).isEqualTo(200));
    }
}
