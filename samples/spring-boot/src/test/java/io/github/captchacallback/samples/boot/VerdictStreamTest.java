package io.github.captchacallback.samples.boot;

import static io.github.captchacallback.samples.tasks.Demo.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.captchacallback.samples.tasks.Demo.Expected;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Says what an open page is told of, as it happens. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VerdictStreamTest {

    private final RunningDemo demo = RunningDemo.shared();

    /** Reads the server-sent events of an open page. */
    private static final class Page implements AutoCloseable {

        private final BufferedReader lines;

        Page(RunningDemo demo) throws Exception {
            HttpResponse<InputStream> answer = demo.stream("/demo/events").get(30, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** Returns the events up to the first that is asked for. */
        List<JsonNode> until(Predicate<JsonNode> last) throws IOException {
            List<JsonNode> events = new ArrayList<>();
            while (events.isEmpty() || !last.test(events.get(events.size() - 1))) {
                String line = lines.readLine();
                assertThat(line).isNotNull();
                if (line.startsWith("data:")) {
                    assertThat(line).doesNotContain("v1.").doesNotContain("secret-answer");
                    events.add(json(line.substring("data:".length())));
                }
            }
            return events;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static Predicate<JsonNode> kind(String kind, String reference) {
        return event -> kind.equals(event.get("kind").asText())
                && event.has("reference")
                && reference.equals(event.get("reference").asText());
    }

    @Test
    void getThenTellsOfEveryStepInTheLifeOfATask() throws Exception {
        try (Page page = new Page(demo)) {
            Expected expected = demo.expect();
            demo.get(expected.solved("secret-answer"));

            List<JsonNode> events = page.until(kind("settled", expected.reference()));

            assertThat(events)
                    .filteredOn(event -> event.path("reference").asText().equals(expected.reference()))
                    .extracting(event -> event.get("kind").asText())
                    .containsExactly("issued", "bound", "accepted", "delivered", "settled");
            assertThat(events)
                    .filteredOn(kind("accepted", expected.reference()))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.get("status").asInt()).isEqualTo(200);
                        assertThat(event.get("detail").asText())
                                .isEqualTo("Task " + expected.taskId() + ", signed with key test");
                        assertThat(event.get("micros").asLong()).isPositive();
                        assertThat(event.has("at")).isTrue();
                    });
        }
    }

    @Test
    void getThenTellsOfRefusals() throws Exception {
        Expected expected = demo.expect();
        demo.get(expected.solved("secret-answer"));
        demo.onceSettled(() -> demo.get(expected.solved("secret-answer")));
        try (Page page = new Page(demo)) {
            demo.get(expected.solved("secret-answer"));

            List<JsonNode> events = page.until(kind("refused", expected.reference()));

            JsonNode refused = events.get(events.size() - 1);
            assertThat(refused.get("check").asText()).isEqualTo("already processed");
            assertThat(refused.get("status").asInt()).isEqualTo(409);
            assertThat(refused.get("detail").asText()).isEqualTo("This callback was settled before; from 127.0.0.1");
        }
    }

    @Test
    void getWhenThePageIsNewThenTellsOfTheLatestFirst() throws Exception {
        Expected expected = demo.expect();

        try (Page page = new Page(demo)) {
            assertThat(page.until(kind("bound", expected.reference()))).isNotEmpty();
        }
    }

    @Test
    void getWhenTheServiceTakesNoTaskThenTellsThatItIsNoLongerExpected() throws Exception {
        try (Page page = new Page(demo)) {
            page.until(kind("bound", demo.expect().reference()));
            demo.post("/demo/tasks", "deliver", "sometimes");

            List<JsonNode> events =
                    page.until(event -> "abandoned".equals(event.get("kind").asText()));

            String reference = events.get(events.size() - 1).get("reference").asText();
            assertThat(events).filteredOn(kind("issued", reference)).hasSize(1);
        }
    }
}
