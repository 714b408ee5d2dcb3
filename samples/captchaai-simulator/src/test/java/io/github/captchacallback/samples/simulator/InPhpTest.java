package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InPhpTest {

    private final CaptchaSimulator simulator = CaptchaSimulator.start(0);
    private final ServiceClient client = new ServiceClient(simulator.baseUri());

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void inPhpWhenJsonIsAskedThenAnswersWithStatusAndRequest() throws Exception {
        HttpResponse<String> answer = client.get("/in.php", "key", "k", "json", "1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body()).matches("\\{\"status\":1,\"request\":\"[0-9]{15}\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/in.php?key=k", "/in.php?key=k&json=0", "/in.php?key=k&json="})
    void inPhpWhenJsonIsNotAskedThenAnswersWithText(String path) throws Exception {
        HttpResponse<String> answer = client.post(path);

        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.body()).matches("OK\\|[0-9]{15}");
    }

    @Test
    void inPhpWhenPostedThenReadsTheForm() throws Exception {
        assertThat(client.post("/in.php", "key", "k", "json", "1").body()).startsWith("{\"status\":1,");
    }

    @Test
    void inPhpWhenPostedThenTheFormOutranksTheQuery() throws Exception {
        assertThat(client.post("/in.php?key=k&json=0", "json", "1").body()).startsWith("{\"status\":1,");
    }

    @Test
    void inPhpWhenFormNamesACharsetThenReadsTheForm() throws Exception {
        HttpResponse<String> answer =
                client.postBody("/in.php", "Application/X-WWW-Form-Urlencoded; charset=UTF-8", "key=k");

        assertThat(answer.body()).startsWith("OK|");
    }

    @Test
    void inPhpWhenAskedTwiceThenIdsDiffer() throws Exception {
        assertThat(client.submit()).isNotEqualTo(client.submit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/in.php", "/in.php?key=", "/in.php?key", "/res.php", "/res.php?action=get&id=1"})
    void anyPathWhenKeyIsMissingThenAnswersWrongUserKey(String path) throws Exception {
        assertThat(client.post(path).body()).isEqualTo("ERROR_WRONG_USER_KEY");
    }

    @Test
    void inPhpWhenKeyIsMissingAndJsonIsAskedThenAnswersStatusZero() throws Exception {
        assertThat(client.get("/in.php", "json", "1").body())
                .isEqualTo("{\"status\":0,\"request\":\"ERROR_WRONG_USER_KEY\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sim_deliver | sometimes | sim_deliver must be one of normal, never, twice, early, glued, first-param",
                "sim_deliver | NORMAL | sim_deliver must be one of normal, never, twice, early, glued, first-param",
                "sim_method | put | sim_method must be one of get, post",
                "sim_outcome | lost | sim_outcome must be one of solved, unsolvable",
                "sim_delay | soon | sim_delay must be a whole number of milliseconds from 0 to 600000",
                "sim_delay | -1 | sim_delay must be a whole number of milliseconds from 0 to 600000",
                "sim_delay | 600001 | sim_delay must be a whole number of milliseconds from 0 to 600000",
                "sim_delay | 99999999999999999999 | sim_delay must be a whole number of milliseconds from 0 to 600000"
            })
    void inPhpWhenSteeredBadlyThenNamesTheParameter(String name, String value, String message) throws Exception {
        assertThat(client.get("/in.php", "key", "k", name, value).body()).isEqualTo("ERROR_BAD_PARAMETERS " + message);
        assertThat(client.get("/in.php", "key", "k", "json", "1", name, value).body())
                .isEqualTo("{\"status\":0,\"request\":\"ERROR_BAD_PARAMETERS\",\"error_text\":\"" + message + "\"}");
    }

    @Test
    void inPhpWhenCodeIsTooLongThenRefuses() throws Exception {
        assertThat(client.post("/in.php", "key", "k", "sim_code", "c".repeat(20_001))
                        .body())
                .isEqualTo("ERROR_BAD_PARAMETERS sim_code must not have more than 20000 characters");
    }

    @Test
    void inPhpWhenSteeringIsEmptyThenTakesTheDefaults() throws Exception {
        assertThat(client.post("/in.php?key=k&sim_deliver=&sim_method=&sim_outcome=&sim_delay=&sim_code=&pingback=")
                        .body())
                .startsWith("OK|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1/callback",
                "http://captcha.example/callback?token=secret",
                "http://127.0.0.1.example/callback",
                "http://localhost.example/callback",
                "http://127.0.0.1@captcha.example/",
                "http://[::2]/callback",
                "http://0.0.0.0/callback",
                "http://127.1/callback",
                "http://127.0.0.256/callback",
                "http:///callback"
            })
    void inPhpWhenPingbackLeadsToAStrangerThenRefuses(String pingback) throws Exception {
        assertThat(client.get("/in.php", "key", "k", "pingback", pingback).body())
                .isEqualTo("ERROR_PINGBACK pingback must lead to 127.0.0.0/8, [::1] or localhost: "
                        + "the simulator calls nobody else");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "callback",
                "//localhost/callback",
                "ftp://localhost/callback",
                "file:///etc/passwd",
                "mailto:root@localhost",
                "http://",
                "http://localhost/a b?token=secret",
                "http://localhost/%zz?token=secret",
                "http://user@localhost/?token=secret",
                "http://localhost/?token=secret#fragment",
                "http://localhost:0/",
                "http://localhost:65536/",
                "http://localhost:99999999999/"
            })
    void inPhpWhenPingbackIsBadThenSaysSoWithoutRepeatingIt(String pingback) throws Exception {
        assertThat(client.get("/in.php", "key", "k", "json", "1", "pingback", pingback)
                        .body())
                .startsWith("{\"status\":0,\"request\":\"ERROR_PINGBACK\",\"error_text\":\"pingback must ")
                .doesNotContain("secret");
    }

    @Test
    void inPhpWhenPingbackIsTooLongThenRefuses() throws Exception {
        assertThat(client.post("/in.php", "key", "k", "pingback", "http://localhost/" + "x".repeat(8_192))
                        .body())
                .isEqualTo("ERROR_PINGBACK pingback must not have more than 8192 characters");
    }

    @Test
    void inPhpWhenBodyIsNoFormThenRefuses() throws Exception {
        assertThat(client.postBody("/in.php?json=1", "application/json", "{\"key\":\"k\"}")
                        .body())
                .isEqualTo("{\"status\":0,\"request\":\"ERROR_BAD_PARAMETERS\","
                        + "\"error_text\":\"the body must be application/x-www-form-urlencoded\"}");
    }

    @Test
    void inPhpWhenPercentSignsAreBadThenRefuses() throws Exception {
        assertThat(client.postBody("/in.php", "application/x-www-form-urlencoded", "key=%zz")
                        .body())
                .startsWith("ERROR_BAD_PARAMETERS a percent sign");
    }

    @Test
    void inPhpWhenBodyPassesTheLimitThenAnswersTooLarge() throws Exception {
        assertThat(client.post("/in.php", "key", "k".repeat(65_533)).statusCode())
                .isEqualTo(413);
        assertThat(client.post("/in.php", "key", "k".repeat(65_532)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void inPhpWhenQueryPassesTheLimitThenAnswersTooLarge() throws Exception {
        assertThat(client.get("/in.php", "key", "k".repeat(65_533)).statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PUT", "DELETE", "OPTIONS"})
    void inPhpWhenMethodIsNeitherGetNorPostThenAnswersMethodNotAllowed(String method) throws Exception {
        URI uri = simulator.baseUri().resolve("/in.php?key=k");
        HttpResponse<String> answer = client.http()
                .send(
                        HttpRequest.newBuilder(uri)
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/in.php/", "/in.phpx", "/other"})
    void anyOtherPathThenAnswersNotFound(String path) throws Exception {
        assertThat(client.get(path, "key", "k").statusCode()).isEqualTo(404);
    }
}
