package io.github.captchacallback.samples.tasks;

import static io.github.captchacallback.samples.tasks.Demo.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.captchacallback.samples.simulator.Delivery;
import io.github.captchacallback.samples.tasks.Demo.Expected;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what becomes of a sample's tasks, however the simulated service calls back. */
public abstract class TasksContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Demo demo;

    /** Tests a sample that signs with {@link Demo#SECRET} and has no other settings but its own. */
    protected TasksContract(Demo demo) {
        this.demo = demo;
    }

    @Test
    void postThenAnswersWithTheTaskAndItsCallbackUrl() {
        HttpResponse<String> answer = demo.post("/demo/tasks", "deliver", "never");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode task = json(answer);
        assertThat(task.fieldNames()).toIterable().containsExactly("reference", "taskId", "callbackUrl", "state");
        assertThat(task.get("reference").asText()).matches("[A-Za-z0-9_-]{22}");
        assertThat(task.get("taskId").asText()).matches("[0-9]+");
        assertThat(task.get("state").asText()).isEqualTo("pending");
        assertThat(task.get("callbackUrl").asText())
                .matches(demo.publicUrl() + "\\?token=v1\\.test\\."
                        + task.get("reference").asText() + "\\.[1-9][0-9]{9}\\.[0-9a-f]{64}");
    }

    @Test
    void getWhenPendingThenShowsTheTaskWithoutACode() {
        Expected expected = demo.expect();

        HttpResponse<String> answer = demo.get("/demo/tasks/" + expected.reference());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"reference\":\"" + expected.reference() + "\",\"taskId\":\"" + expected.taskId()
                        + "\",\"state\":\"pending\",\"code\":null}");
    }

    @Test
    void getWhenTheReferenceIsUnknownThenNotFound() {
        assertThat(demo.get("/demo/tasks/nobody-knows-this-one").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void postWhenDeliveredNormallyThenSolved(String method) throws Exception {
        JsonNode task = demo.submit("method", method, "delay", "0");

        JsonNode ended = demo.ended(task.get("reference").asText());

        assertThat(ended.get("state").asText()).isEqualTo("solved");
        assertThat(ended.get("taskId")).isEqualTo(task.get("taskId"));
        assertThat(ended.get("code").asText()).startsWith("03AFcWeA");
        assertDelivered(demo, task, 200);
    }

    @Test
    void postWithoutSteeringThenSolvedAsWell() {
        JsonNode task = demo.submit();

        assertThat(demo.ended(task.get("reference").asText()).get("state").asText())
                .isEqualTo("solved");
    }

    @Test
    void postWhenNeverDeliveredThenPendingUntilTheCallbackComes() {
        Expected expected = demo.expect();

        assertThat(demo.simulator().deliveries(expected.taskId())).isEmpty();
        assertThat(demo.task(expected.reference()).get("state").asText()).isEqualTo("pending");
        assertThat(demo.get(expected.solved("an-answer")).statusCode()).isEqualTo(200);
        JsonNode ended = demo.ended(expected.reference());
        assertThat(ended.get("state").asText()).isEqualTo("solved");
        assertThat(ended.get("code").asText()).isEqualTo("an-answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void postWhenDeliveredTwiceThenTheFirstIsTakenAndTheSecondRefused(String method) throws Exception {
        JsonNode task = demo.submit("deliver", "twice", "method", method, "delay", "0");

        assertDelivered(demo, task, 200, 409);
        assertThat(demo.ended(task.get("reference").asText()).get("state").asText())
                .isEqualTo("solved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void postWhenDeliveredBeforeTheServiceHasAnsweredThenTakenAllTheSame(String method) throws Exception {
        JsonNode task = demo.submit("deliver", "early", "method", method);

        assertDelivered(demo, task, 200);
        JsonNode ended = demo.ended(task.get("reference").asText());
        assertThat(ended.get("state").asText()).isEqualTo("solved");
        assertThat(ended.get("taskId")).isEqualTo(task.get("taskId"));
    }

    @Test
    void postWhenTheParametersAreGluedBehindTheQueryThenRefusedAndStillExpected() throws Exception {
        JsonNode task = demo.submit("deliver", "glued", "delay", "0");

        assertDelivered(demo, task, 400);
        String reference = task.get("reference").asText();
        assertThat(demo.task(reference).get("state").asText()).isEqualTo("pending");
        Expected expected = new Expected(reference, task.get("taskId").asText(), demo.callbackTarget(task));
        assertThat(demo.get(expected.solved("x")).statusCode()).isEqualTo(200);
    }

    @Test
    void postWhenAFormIsGluedThenTheUrlIsLeftAloneAndTheCallbackTaken() throws Exception {
        JsonNode task = demo.submit("deliver", "glued", "method", "post", "delay", "0");

        assertDelivered(demo, task, 200);
        assertThat(demo.ended(task.get("reference").asText()).get("state").asText())
                .isEqualTo("solved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void postWhenOnlyTheFirstParameterIsKeptThenTheTokenIsThatOne(String method) throws Exception {
        JsonNode task = demo.submit("deliver", "first-param", "method", method, "delay", "0");

        assertDelivered(demo, task, 200);
        assertThat(demo.ended(task.get("reference").asText()).get("state").asText())
                .isEqualTo("solved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void postWhenTheTaskIsUnsolvableThenFailedWithTheServicesErrorCode(String method) throws Exception {
        JsonNode task = demo.submit("outcome", "unsolvable", "method", method, "delay", "0");

        assertDelivered(demo, task, 200);
        JsonNode ended = demo.ended(task.get("reference").asText());
        assertThat(ended.get("state").asText()).isEqualTo("failed");
        assertThat(ended.get("code").asText()).isEqualTo("ERROR_CAPTCHA_UNSOLVABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void postWhenTheCodeHas8000CharactersThenItArrivesAsItWasMeant(String method) throws Exception {
        String code = "a+ /=%2B{\"é}".repeat(800).substring(0, 8_000);
        JsonNode task = demo.submit("code", code, "method", method, "delay", "0");

        assertDelivered(demo, task, 200);
        assertThat(demo.ended(task.get("reference").asText()).get("code").asText())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "deliver, sometimes",
        "outcome, perhaps",
        "method, put",
        "delay, soon",
        "delay, 99999999",
    })
    void postWhenTheSteeringIsUnknownThenABadRequestInJson(String name, String value) {
        HttpResponse<String> answer = demo.post("/demo/tasks", name, value);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(answer).fieldNames()).toIterable().containsExactly("error");
        assertThat(json(answer).get("error").asText())
                .startsWith("ERROR_BAD_PARAMETERS sim_" + name + " must be ")
                .doesNotContain(value);
    }

    @Test
    void getWhen80DuplicatesComeAtOnceThenOneIsTakenAndTheOthersRefused() throws Exception {
        int duplicates = 80;
        Expected expected = demo.expect();
        String target = expected.solved("an-answer");
        CyclicBarrier allConnected = new CyclicBarrier(duplicates);
        ExecutorService threads = Executors.newFixedThreadPool(duplicates);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < duplicates; i++) {
                answers.add(threads.submit(() -> {
                    try (Socket socket = demo.connect()) {
                        allConnected.await();
                        return demo.getAsWritten(socket, target);
                    }
                }));
            }
            List<String> statusLines = new ArrayList<>();
            for (Future<String> answer : answers) {
                statusLines.add(answer.get().substring(0, "HTTP/1.1 200".length()));
            }

            assertThat(statusLines).filteredOn("HTTP/1.1 200"::equals).hasSize(1);
            assertThat(statusLines).filteredOn("HTTP/1.1 409"::equals).hasSize(duplicates - 1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(demo.ended(expected.reference()).get("state").asText()).isEqualTo("solved");
    }

    protected static void assertDelivered(Demo demo, JsonNode task, Integer... statuses)
            throws InterruptedException, TimeoutException {
        assertThat(demo.simulator().awaitDeliveries(task.get("taskId").asText(), statuses.length, TIMEOUT))
                .extracting(Delivery::status)
                .containsExactly(statuses);
    }
}
