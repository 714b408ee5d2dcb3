package io.github.captchacallback.samples.tasks;

import static io.github.captchacallback.samples.tasks.Demo.PATH;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.samples.tasks.Demo.Expected;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the protocol's table of answers against a whole sample, over real HTTP. */
public abstract class AnswersContract {

    private final Demo demo;

    /** Tests a sample that signs with {@link Demo#SECRET} and has no other settings but its own. */
    protected AnswersContract(Demo demo) {
        this.demo = demo;
    }

    protected static long now() {
        return Instant.now().getEpochSecond();
    }

    protected static void assertRefused(HttpResponse<String> answer, int status, String error) {
        assertAnswer(answer, status, "application/json", "{\"error\":\"" + error + "\"}");
    }

    protected static void assertOk(HttpResponse<String> answer) {
        assertAnswer(answer, 200, "text/plain", "OK");
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String type, String body) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().allValues("Content-Type")).containsExactly(type);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(answer.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
        assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "PUT", "DELETE", "PATCH"})
    void sendWhenTheMethodIsAnotherThenNotAllowed(String method) {
        HttpResponse<String> answer =
                demo.send(demo.expect().solved("x"), request -> request.method(method, BodyPublishers.noBody()));

        assertRefused(answer, 405, "method not allowed");
        assertThat(answer.headers().allValues("Allow")).containsExactly("GET, POST");
    }

    @Test
    void headThenNotAllowedAndTheCallbackIsNotSpent() {
        Expected expected = demo.expect();

        HttpResponse<String> answer =
                demo.send(expected.solved("x"), request -> request.method("HEAD", BodyPublishers.noBody()));

        assertAnswer(answer, 405, "application/json", "");
        assertThat(answer.headers().allValues("Allow")).containsExactly("GET, POST");
        assertOk(demo.get(expected.solved("x")));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,                                  a query that is missing",
                "token={t}&id=1,                     a code that is missing",
                "token={t}&code=2,                   an id that is missing",
                "id=1&code=2,                        a token that is missing",
                "token=&id=1&code=2,                 an empty token",
                "token={t}&id=&code=2,               an empty id",
                "token={t}&id=1&code=,               an empty code",
                "token={t}&token={t}&id=1&code=2,    a token given twice",
                "token={t}&id=1&id=1&code=2,         an id given twice",
                "token={t}&id=1&code=2&code=2,       a code given twice",
                "token={t}&id=1&code=2&code[]=3,     a code that frameworks take for a list",
                "token={t}&id[]=1&code=2,            an id as a list",
                "token={t}&id=1%202&code=2,          an id of the wrong shape",
                "token={t}&id=1%0d%0a&code=2,        an id with a line's end",
                "token={t}0&id=1&code=2,             a token that is too long",
                "token=v1.x&id=1&code=2,             a token of the wrong shape",
                "token={t}&id=1&code=%25zz%FF,       a code that is no UTF-8",
                "token={t}&id=1&code=2%,             a percent sign that decodes to nothing",
            })
    void getWhenAParameterIsNotRightThenMalformed(String query, String why) throws IOException {
        String token = WireToken.of(demo, now()).text();
        String target =
                query == null ? PATH : PATH + "?" + query.replace("{t}", token).replace("[]", "%5B%5D");

        // The JDK's client sends no percent sign that decodes to nothing, so that the request is written by hand.
        assertThat(demo.getAsWritten(target))
                .as(why)
                .startsWith("HTTP/1.1 400 ")
                .contains("Content-Type: application/json")
                .contains("Cache-Control: no-store")
                .contains("Referrer-Policy: no-referrer")
                .endsWith("\r\n\r\n{\"error\":\"malformed callback\"}");
    }

    @Test
    void sendWhenTheCodeIsLongerThanTheLimitThenMalformed() {
        Expected expected = demo.expect();

        assertRefused(demo.get(expected.solved("x".repeat(16_385))), 400, "malformed callback");
        assertRefused(
                demo.post(expected.target(), "id", expected.taskId(), "code", "x".repeat(100_000)),
                400,
                "malformed callback");
        assertOk(demo.get(expected.solved("x".repeat(16_384))));
    }

    @Test
    void postWhenTheTokenStandsInTheBodyThenMalformed() {
        assertRefused(
                demo.post(PATH, "token", WireToken.of(demo, now()).text(), "id", "1", "code", "2"),
                400,
                "malformed callback");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data; boundary=x", "text/plain"})
    void postWhenTheBodyIsOfAnotherTypeThenMalformed(String type) {
        HttpResponse<String> answer = demo.send(
                demo.expect().solved("x"),
                request -> request.header("Content-Type", type).POST(BodyPublishers.ofString("{\"id\":1}")));

        assertRefused(answer, 400, "malformed callback");
    }

    @Test
    void getWhenTheTokenIsNotOfOurKeyThenTheSignatureIsInvalid() {
        WireToken genuine = WireToken.of(demo, now());

        assertRefused(
                demo.get(genuine.signedBy("a-secret-that-somebody-else-has-made-up")
                        .target()),
                403,
                "invalid signature");
        assertRefused(demo.get(genuine.underKeyId("unknown").target()), 403, "invalid signature");
        assertRefused(
                demo.get(genuine.forAudience("https://elsewhere.example" + PATH).target()), 403, "invalid signature");
        assertRefused(
                demo.get(genuine.target().replace(WireToken.REFERENCE, "another-reference-instead")),
                403,
                "invalid signature");
    }

    @ParameterizedTest
    @ValueSource(longs = {-602, -100_000, 60, 100_000})
    void getWhenTheTokenIsTooOldOrFromTheFutureThenExpired(long age) {
        assertRefused(demo.get(WireToken.of(demo, now() + age).target()), 403, "expired");
    }

    @Test
    void getWhenTheReferenceWasNeverExpectedThenTheTaskIsUnknown() {
        assertRefused(demo.get(WireToken.of(demo, now()).target()), 403, "unknown task");
    }

    @Test
    void getWhenTheReferenceBelongsToAnotherTaskThenTheTaskIsUnknown() {
        Expected expected = demo.expect();
        Expected other = new Expected(expected.reference(), "99999", expected.target());

        assertRefused(demo.get(other.solved("x")), 403, "unknown task");
        assertOk(demo.get(expected.solved("x")));
    }

    @Test
    void getWhenATokenOfOursIsMadeByTheProtocolAloneThenAccepted() {
        Expected expected = demo.expect();
        String token =
                WireToken.of(demo, now()).forReference(expected.reference()).text();

        assertOk(demo.get(PATH + "?token=" + token + "&code=by-hand&id=" + expected.taskId() + "&other=parameter"));
        assertThat(demo.ended(expected.reference()).get("code").asText()).isEqualTo("by-hand");
    }

    @Test
    void sendWhenClaimedBeforeThenAlreadyProcessed() {
        Expected expected = demo.expect();

        assertOk(demo.get(expected.solved("x")));

        assertRefused(demo.onceSettled(() -> demo.get(expected.solved("x"))), 409, "already processed");
        assertRefused(demo.get(expected.solved("another")), 409, "already processed");
        assertRefused(demo.post(expected.target(), "id", expected.taskId(), "code", "x"), 409, "already processed");
        assertThat(demo.ended(expected.reference()).get("code").asText()).isEqualTo("x");
    }

    @Test
    void postWhenGenuineThenOk() {
        Expected expected = demo.expect();

        assertOk(demo.post(expected.target(), "id", expected.taskId(), "code", "a b+c"));
        assertThat(demo.ended(expected.reference()).get("code").asText()).isEqualTo("a b+c");
    }
}
