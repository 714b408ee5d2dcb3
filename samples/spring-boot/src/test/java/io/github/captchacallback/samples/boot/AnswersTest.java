package io.github.captchacallback.samples.boot;

import static io.github.captchacallback.samples.tasks.Demo.PATH;
import static io.github.captchacallback.samples.tasks.Demo.form;
import static io.github.captchacallback.samples.tasks.Demo.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.samples.tasks.AnswersContract;
import io.github.captchacallback.samples.tasks.Demo.Expected;
import io.github.captchacallback.samples.tasks.WireToken;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Says what the console answers, with other settings as well. */
class AnswersTest extends AnswersContract {

    private final RunningDemo demo = RunningDemo.shared();

    AnswersTest() {
        super(RunningDemo.shared());
    }

    @Test
    void getWhenHttpsIsRequiredThenPlainHttpIsRefusedAndNotRedirected() {
        try (RunningDemo https = RunningDemo.start(
                "captcha.callback.require-https=true", "captcha.callback.source.trusted-proxies=127.0.0.1")) {
            Expected expected = https.expect();

            assertRefused(https.get(expected.solved("x")), 403, "https required");
            assertRefused(
                    https.send(
                            expected.solved("x"),
                            request -> request.GET()
                                    .header("X-Forwarded-For", "127.0.0.1")
                                    .header("X-Forwarded-Proto", "http")),
                    403,
                    "https required");
        }
    }

    @Test
    void getWhenTheSourceIsNotAllowedThenForbiddenWhateverAHeaderSays() {
        try (RunningDemo elsewhere = RunningDemo.start("captcha.callback.source.allow=10.0.0.0/8")) {
            Expected expected = elsewhere.expect();

            assertRefused(elsewhere.get(expected.solved("x")), 403, "forbidden");
            assertRefused(
                    elsewhere.send(
                            expected.solved("x"), request -> request.GET().header("X-Forwarded-For", "10.0.0.1")),
                    403,
                    "forbidden");
            assertRefused(elsewhere.get(PATH), 403, "forbidden");
        }
    }

    @Test
    void getWhenTheStoreIsFullThenUnavailableWithATimeToTryAgain() {
        try (RunningDemo full =
                RunningDemo.start("captcha.callback.store.capacity=1", "captcha.callback.pending.enabled=false")) {
            WireToken first = WireToken.of(full, now());
            assertOk(full.get(first.target()));

            HttpResponse<String> answer =
                    full.get(first.forReference("another-reference-instead").target());

            assertRefused(answer, 503, "unavailable");
            assertThat(answer.headers().allValues("Retry-After")).containsExactly("10");
            assertRefused(full.get(first.target()), 409, "already processed");
        }
    }

    @Test
    void postATaskWhenTheStoreIsFullThenUnavailable() {
        try (RunningDemo full = RunningDemo.start("captcha.callback.store.capacity=1")) {
            full.expect();

            HttpResponse<String> answer = full.post("/demo/tasks", "deliver", "never");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"error\":\"unavailable\"}");
        }
    }

    @Test
    void sendWhenDetailsAreWithheldThenEveryRefusalButTwoIsTheSame() {
        try (RunningDemo silent = RunningDemo.start("captcha.callback.error-detail=false")) {
            Expected expected = silent.expect();
            WireToken genuine = WireToken.of(silent, now());

            assertRefused(silent.get(PATH), 403, "forbidden");
            assertRefused(silent.get(genuine.underKeyId("unknown").target()), 403, "forbidden");
            assertRefused(silent.get(WireToken.of(silent, now() - 400).target()), 403, "forbidden");
            assertRefused(silent.get(genuine.target()), 403, "forbidden");
            assertOk(silent.get(expected.solved("x")));
            assertRefused(silent.get(expected.solved("x")), 403, "forbidden");
            assertRefused(
                    silent.send(PATH, request -> request.method("OPTIONS", BodyPublishers.noBody())),
                    405,
                    "method not allowed");
        }
    }

    @Test
    void sendWhenDuplicatesAreOkThenAGenuineRepeatIsAnsweredAndNotHandedOn() {
        try (RunningDemo lenient = RunningDemo.start("captcha.callback.replay.duplicates=ok")) {
            Expected expected = lenient.expect();
            assertOk(lenient.get(expected.solved("x")));

            assertOk(lenient.onceSettled(() -> lenient.get(expected.solved("x"))));
            assertOk(lenient.post(expected.target(), "id", expected.taskId(), "code", "x"));
            assertRefused(lenient.get(expected.solved("another")), 409, "already processed");
            Expected other = new Expected(expected.reference(), "99999", expected.target());
            assertRefused(lenient.get(other.solved("x")), 403, "unknown task");
            assertThat(json(lenient.get("/demo/tasks/" + expected.reference()))
                            .get("code")
                            .asText())
                    .isEqualTo("x");
        }
    }

    @Test
    void sendWhenSettingsAreGivenOnTheCommandLineThenTheyTakeEffect() {
        try (RunningDemo ucaptcha = RunningDemo.start(
                "captcha.callback.methods=POST",
                "captcha.callback.parameters.task-id=captcha_id",
                "captcha.callback.parameters.code=answer",
                "captcha.callback.maxCodeLength=10",
                "captcha.callback.freshness.ttl=60s")) {
            Expected expected = ucaptcha.expect();
            String id = expected.taskId();

            HttpResponse<String> get = ucaptcha.get(expected.target() + "&captcha_id=" + id + "&answer=x");
            assertRefused(get, 405, "method not allowed");
            assertThat(get.headers().allValues("Allow")).containsExactly("POST");
            assertRefused(ucaptcha.post(expected.target(), "id", id, "code", "x"), 400, "malformed callback");
            assertRefused(
                    ucaptcha.post(expected.target(), "captcha_id", id, "answer", "x".repeat(11)),
                    400,
                    "malformed callback");
            String old = WireToken.of(ucaptcha, now() - 70)
                    .forReference(expected.reference())
                    .text();
            assertRefused(
                    ucaptcha.send(PATH + "?token=" + old, request -> form(request, "captcha_id", id, "answer", "x")),
                    403,
                    "expired");
            assertOk(ucaptcha.post(expected.target(), "captcha_id", id, "answer", "x".repeat(10)));
        }
    }

    @Test
    void getWhenTheUrlIsOfAnotherRunThenTheSignatureIsInvalid() {
        Expected expected = demo.expect();
        try (RunningDemo other = RunningDemo.startAsUsersDo()) {
            assertRefused(other.get(expected.solved("x")), 403, "invalid signature");
        }
    }
}
