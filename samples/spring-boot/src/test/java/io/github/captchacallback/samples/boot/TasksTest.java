package io.github.captchacallback.samples.boot;

import static io.github.captchacallback.samples.boot.RunningDemo.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.captchacallback.samples.boot.RunningDemo.Expected;
import io.github.captchacallback.samples.simulator.Delivery;
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

/** Says what becomes of the console's tasks, however the simulated service calls back. */
class TasksTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final RunningDemo demo = RunningDemo.shared();

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
                .matches("http://localhost:" + demo.port() + "/captcha/callback\\?token=v1\\.test\\."
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
        String url = task.get("callbackUrl").asText();
        Expected expected =
                new Expected(reference, task.get("taskId").asText(), url.substring(url.indexOf(RunningDemo.PATH)));
        assertThat(demo.get(expected.solved("x")).statusCode()).isEqualTo(200);
    }

    @Test
    void postWhenAFormIsGluedThenTheUrlIsLeftAloneAndTheCallbackTaken() throws Exception {
        JsonNode task = demo.submit("deliver", "glued", "method", "post", "delay", "0");

        assertDelivered(demo, task, 200);
        assertThat(demo.ended(task.get("reference").asText()).get("state").asText())
                .isEqualTo("solved");
    }

    @Test
    void postWhenTheTokenStandsInThePathThenGluedParametersAreNoHarm() throws Exception {
        try (RunningDemo path = RunningDemo.start("captcha.callback.signature.url-style=path")) {
            for (String deliver : List.of("glued", "normal", "first-param")) {
                JsonNode task = path.submit("deliver", deliver, "delay", "0");

                assertThat(task.get("callbackUrl").asText()).startsWith(path.publicUrl() + "/v1.test.");
                assertDelivered(path, task, 200);
                assertThat(path.ended(task.get("reference").asText())
                                .get("state")
                                .asText())
                        .isEqualTo("solved");
            }
            AttacksTest.assertAllRefused(path, "unknown task");
        }
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
                    try (Socket socket = RawRequest.connect(demo.port())) {
                        allConnected.await();
                        return RawRequest.exchange(socket, target);
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

    @Test
    void postWhenTaskIdsAreSignedThenTheUrlIsMadeOnceTheServiceHasAnswered() {
        try (RunningDemo byTaskId = RunningDemo.start("captcha.callback.signature.scheme=task-id")) {
            JsonNode task = byTaskId.submit("deliver", "never");
            String url = task.get("callbackUrl").asText();
            String id = task.get("taskId").asText();

            assertThat(task.get("reference").asText()).isEqualTo(id);
            assertThat(url).matches("http://localhost:[0-9]+/captcha/callback\\?token=[0-9a-f]{64}&ts=[1-9][0-9]{9}");
            String target = url.substring(url.indexOf(RunningDemo.PATH)) + "&id=" + id + "&code=x";
            assertThat(byTaskId.get(target.replaceFirst("&ts=[0-9]+", "")).statusCode())
                    .isEqualTo(400);
            assertThat(byTaskId.get(target).statusCode()).isEqualTo(200);
            assertThat(byTaskId.ended(id).get("state").asText()).isEqualTo("solved");
            AttacksTest.assertAllRefused(byTaskId, "invalid signature");
        }
    }

    private static void assertDelivered(RunningDemo demo, JsonNode task, Integer... statuses)
            throws InterruptedException, TimeoutException {
        assertThat(demo.simulator().awaitDeliveries(task.get("taskId").asText(), statuses.length, TIMEOUT))
                .extracting(Delivery::status)
                .containsExactly(statuses);
    }
}
