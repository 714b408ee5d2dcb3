package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResPhpTest {

    private final CaptchaSimulator simulator = CaptchaSimulator.start(0);
    private final ServiceClient client = new ServiceClient(simulator.baseUri());

    @AfterEach
    void close() {
        simulator.close();
    }

    private String ask(String id, String action, String json) throws IOException, InterruptedException {
        return client.get("/res.php", "key", "k", "action", action, "id", id, "json", json)
                .body();
    }

    @Test
    void resPhpWhenTaskIsSolvedThenAnswersTheCode() throws Exception {
        String id = client.submit("sim_delay", "0", "sim_code", "a code");

        assertThat(ask(id, "get", "0")).isEqualTo("OK|a code");
        assertThat(ask(id, "get", "1")).isEqualTo("{\"status\":1,\"request\":\"a code\"}");
    }

    @Test
    void resPhpWhenPriceIsAskedThenAnswersCodeAndPrice() throws Exception {
        String id = client.submit("sim_delay", "0", "sim_code", "c");

        assertThat(ask(id, "get2", "0")).isEqualTo("OK|c|0.00299");
        assertThat(ask(id, "get2", "1")).isEqualTo("{\"status\":1,\"request\":\"c\",\"price\":\"0.00299\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "get2"})
    void resPhpWhenDelayIsNotOverThenAnswersNotReady(String action) throws Exception {
        String id = client.submit("sim_delay", "600000");

        assertThat(ask(id, action, "0")).isEqualTo("CAPCHA_NOT_READY");
        assertThat(ask(id, action, "1")).isEqualTo("{\"status\":0,\"request\":\"CAPCHA_NOT_READY\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "get2"})
    void resPhpWhenTaskIsUnsolvableThenAnswersItsErrorCode(String action) throws Exception {
        String id = client.submit("sim_delay", "0", "sim_outcome", "unsolvable");

        assertThat(ask(id, action, "0")).isEqualTo("ERROR_CAPTCHA_UNSOLVABLE");
        assertThat(ask(id, action, "1")).isEqualTo("{\"status\":0,\"request\":\"ERROR_CAPTCHA_UNSOLVABLE\"}");
    }

    @Test
    void resPhpWhenNoCodeWasGivenThenAnswersALongUrlSafeOne() throws Exception {
        String id = client.submit("sim_delay", "0");

        assertThat(ask(id, "get", "0")).matches("OK\\|[A-Za-z0-9_-]{400,1000}").isEqualTo(ask(id, "get", "0"));
    }

    @Test
    void resPhpWhenCodeIsJsonItselfThenEscapesIt() throws Exception {
        String id = client.submit("sim_delay", "0", "sim_code", "{\"challenge\":\"\\\n€\"}");

        assertThat(ask(id, "get", "1"))
                .isEqualTo("{\"status\":1,\"request\":\"{\\\"challenge\\\":\\\"\\\\\\u000a€\\\"}\"}");
    }

    @Test
    void resPhpWhenPostedThenReadsTheForm() throws Exception {
        String id = client.submit("sim_delay", "0", "sim_code", "c");

        assertThat(client.post("/res.php", "key", "k", "action", "get", "id", id)
                        .body())
                .isEqualTo("OK|c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "", "abc", "-1", "' OR 1=1"})
    void resPhpWhenIdIsUnknownThenAnswersWrongCaptchaId(String id) throws Exception {
        assertThat(ask(id, "get", "0")).isEqualTo("ERROR_WRONG_CAPTCHA_ID");
        assertThat(ask(id, "get2", "1")).isEqualTo("{\"status\":0,\"request\":\"ERROR_WRONG_CAPTCHA_ID\"}");
    }

    @Test
    void resPhpWhenActionIsMissingThenAnswersEmptyAction() throws Exception {
        assertThat(client.get("/res.php", "key", "k", "id", "1").body()).isEqualTo("ERROR_EMPTY_ACTION");
    }

    @Test
    void resPhpWhenActionIsUnknownThenNamesTheKnownOnes() throws Exception {
        assertThat(ask("1", "reportgood", "0")).isEqualTo("ERROR_BAD_PARAMETERS action must be one of get, get2");
    }
}
