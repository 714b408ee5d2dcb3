package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.samples.simulator.CallbackReceiver.ReceivedCallback;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PingbackTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final CaptchaSimulator simulator = CaptchaSimulator.start(0);
    private final ServiceClient client = new ServiceClient(simulator.baseUri());
    private final CallbackReceiver receiver = new CallbackReceiver();

    @AfterEach
    void close() {
        simulator.close();
        receiver.close();
    }

    private String submit(String path, String deliver, String method, String code) throws Exception {
        return client.submit(
                "pingback",
                receiver.url(path),
                "sim_deliver",
                deliver,
                "sim_method",
                method,
                "sim_code",
                code,
                "sim_delay",
                "0");
    }

    @Test
    void pingbackWhenNothingElseIsAskedThenIsAGetWithTheAnswerOfResPhp() throws Exception {
        String id = client.submit("pingback", receiver.url("/callback?token=t"));

        ReceivedCallback callback = receiver.next();

        String answer =
                client.get("/res.php", "key", "k", "action", "get", "id", id).body();
        assertThat(callback.method()).isEqualTo("GET");
        assertThat(callback.path()).isEqualTo("/callback");
        assertThat(callback.query()).isEqualTo("token=t&id=" + id + "&code=" + answer.substring("OK|".length()));
        assertThat(callback.body()).isEmpty();
        assertThat(simulator.awaitDelivery(id, LONG))
                .isEqualTo(
                        new Delivery(id, "GET", URI.create(receiver.url("/callback?" + callback.query())), 200, "OK"));
    }

    @ParameterizedTest
    @CsvSource({
        "normal, /cb, id=@&code=c",
        "normal, /cb?, id=@&code=c",
        "normal, /cb?a=1, a=1&id=@&code=c",
        "normal, /cb?a=1&, a=1&id=@&code=c",
        "normal, /cb?a=1&b=%26%20?, a=1&b=%26%20?&id=@&code=c",
        "twice, /cb?a=1, a=1&id=@&code=c",
        "early, /cb?a=1, a=1&id=@&code=c",
        "glued, /cb, id=@&code=c",
        "glued, /cb?a=1&b=2, a=1&b=2?id=@&code=c",
        "first-param, /cb, id=@&code=c",
        "first-param, /cb?a=1, a=1&id=@&code=c",
        "first-param, /cb?a=1&b=2&c=3, a=1&id=@&code=c",
        "first-param, /c&b?a=1&b=2, a=1&id=@&code=c"
    })
    void getWhenDeliveredThenPutsIdAndCodeIntoTheQuery(String deliver, String path, String query) throws Exception {
        String id = submit(path, deliver, "get", "c");

        ReceivedCallback callback = receiver.next();

        assertThat(callback.method()).isEqualTo("GET");
        assertThat(callback.query()).isEqualTo(query.replace("@", id));
    }

    @ParameterizedTest
    @CsvSource({
        "normal, /cb, null",
        "normal, /cb?a=1&b=2, a=1&b=2",
        "twice, /cb?a=1&b=2, a=1&b=2",
        "early, /cb?a=1&b=2, a=1&b=2",
        "first-param, /cb?a=1&b=2, a=1",
        "first-param, /cb, null"
    })
    void postWhenDeliveredThenSendsAFormAndKeepsTheQuery(String deliver, String path, String query) throws Exception {
        String id = submit(path, deliver, "post", "c");

        assertThat(receiver.next())
                .isEqualTo(new ReceivedCallback(
                        "POST", "/cb", query, "application/x-www-form-urlencoded", "id=" + id + "&code=c"));
    }

    @Test
    void getWhenCodeHasSpecialCharactersThenEncodesThem() throws Exception {
        String id = submit("/cb", "normal", "get", "a b+c&d=e%f/ü€|\"");

        assertThat(receiver.next().query())
                .isEqualTo("id=" + id + "&code=a%20b%2Bc%26d%3De%25f%2F%C3%BC%E2%82%AC%7C%22");
    }

    @Test
    void postWhenCodeHasSpecialCharactersThenEncodesThem() throws Exception {
        String id = submit("/cb", "normal", "post", "a b+c&d=e%f/ü€|\"");

        assertThat(receiver.next().body())
                .isEqualTo("id=" + id + "&code=a%20b%2Bc%26d%3De%25f%2F%C3%BC%E2%82%AC%7C%22");
    }

    @Test
    void getWhenCodeHas8000CharactersThenDeliversItWhole() throws Exception {
        String code = "aZ9-".repeat(2_000);

        String id = submit("/cb?token=t", "normal", "get", code);

        assertThat(receiver.next().query()).isEqualTo("token=t&id=" + id + "&code=" + code);
    }

    @Test
    void postWhenCodeHas20000CharactersThenDeliversItWhole() throws Exception {
        String code = "x".repeat(20_000);

        String id = submit("/cb?token=t", "normal", "post", code);

        assertThat(receiver.next().body()).isEqualTo("id=" + id + "&code=" + code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "post"})
    void unsolvableThenDeliversTheErrorCode(String method) throws Exception {
        String id = client.submit(
                "pingback", receiver.url("/cb"), "sim_method", method, "sim_outcome", "unsolvable", "sim_delay", "0");

        ReceivedCallback callback = receiver.next();

        assertThat(List.of(callback.query(), callback.body())).contains("id=" + id + "&code=ERROR_CAPTCHA_UNSOLVABLE");
    }

    @Test
    void unsolvableWhenACodeIsGivenThenDeliversTheErrorCodeAllTheSame() throws Exception {
        String id = client.submit(
                "pingback", receiver.url("/cb"), "sim_outcome", "unsolvable", "sim_code", "c", "sim_delay", "0");
        assertThat(receiver.next().query()).isEqualTo("id=" + id + "&code=ERROR_CAPTCHA_UNSOLVABLE");
    }

    @Test
    void gluedWhenDeliveredAsAFormThenTheUrlIsLeftAlone() throws Exception {
        String id = submit("/cb?token=t", "glued", "post", "c");
        ReceivedCallback callback = receiver.next();
        assertThat(callback.query()).isEqualTo("token=t");
        assertThat(callback.body()).isEqualTo("id=" + id + "&code=c");
    }

    @Test
    void twiceThenDeliversTheSameTwoTimesOneAfterTheOther() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        receiver.answersWith(200, answer);

        String id = submit("/cb?token=t", "twice", "get", "c");

        ReceivedCallback first = receiver.next();
        assertThat(receiver.hasMore()).isFalse();
        answer.complete("OK");
        assertThat(receiver.next()).isEqualTo(first);
        assertThat(simulator.awaitDeliveries(id, 2, LONG)).hasSize(2).allMatch(delivery -> delivery.status() == 200);
    }

    @Test
    void neverThenResPhpAloneHasTheAnswer() throws Exception {
        String never = submit("/never", "never", "get", "c");
        assertThat(client.get("/res.php", "key", "k", "action", "get", "id", never)
                        .body())
                .isEqualTo("OK|c");

        String later = submit("/later", "normal", "get", "c");

        simulator.awaitDelivery(later, LONG);
        assertThat(receiver.next().path()).isEqualTo("/later");
        assertThat(receiver.hasMore()).isFalse();
        assertThat(simulator.deliveries(never)).isEmpty();
        assertThat(simulator.deliveries()).extracting(Delivery::taskId).containsExactly(later);
    }

    @Test
    void earlyThenInPhpAnswersOnlyAfterTheDelivery() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        receiver.answersWith(200, answer);

        CompletableFuture<HttpResponse<String>> inPhp = client.getLater(
                "/in.php", "key", "k", "pingback", receiver.url("/cb"), "sim_deliver", "early", "sim_delay", "600000");

        ReceivedCallback callback = receiver.next();
        String id = callback.query().substring("id=".length(), callback.query().indexOf('&'));
        assertThat(client.get("/res.php", "key", "k", "action", "get", "id", id).body())
                .startsWith("OK|");
        assertThat(inPhp).isNotDone();
        answer.complete("OK");
        assertThat(inPhp.get().body()).isEqualTo("OK|" + id);
        assertThat(simulator.deliveries(id)).extracting(Delivery::status).containsExactly(200);
    }

    @Test
    void normalThenInPhpAnswersWithoutWaitingForTheDelivery() throws Exception {
        receiver.answersWith(200, new CompletableFuture<>());

        String id = submit("/cb", "normal", "get", "c");

        assertThat(receiver.next().query()).isEqualTo("id=" + id + "&code=c");
        assertThat(simulator.deliveries(id)).isEmpty();
    }

    @Test
    void deliveryWhenRefusedThenRecordsStatusAndBody() throws Exception {
        receiver.answersWith(403, "{\"error\":\"expired\"}");

        Delivery delivery = simulator.awaitDelivery(submit("/cb", "normal", "post", "c"), LONG);

        assertThat(delivery.answered()).isTrue();
        assertThat(delivery.method()).isEqualTo("POST");
        assertThat(delivery.status()).isEqualTo(403);
        assertThat(delivery.body()).isEqualTo("{\"error\":\"expired\"}");
    }

    @Test
    void deliveryWhenRedirectedThenDoesNotFollow() throws Exception {
        receiver.answersWith(302, "");

        Delivery delivery = simulator.awaitDelivery(submit("/cb", "normal", "get", "c"), LONG);

        assertThat(delivery.status()).isEqualTo(302);
        assertThat(receiver.next().path()).isEqualTo("/cb");
        assertThat(receiver.hasMore()).isFalse();
    }

    @Test
    void deliveryWhenAnswerIsLongThenKeepsItsBeginning() throws Exception {
        receiver.answersWith(200, "x".repeat(5_000_000));

        Delivery delivery = simulator.awaitDelivery(submit("/cb", "normal", "get", "c"), LONG);

        assertThat(delivery.body()).isEqualTo("x".repeat(4_096));
    }

    @Test
    void deliveryWhenNobodyListensThenRecordsWhy() throws Exception {
        receiver.close();

        Delivery delivery = simulator.awaitDelivery(submit("/cb?token=secret", "normal", "get", "secret"), LONG);

        assertThat(delivery.answered()).isFalse();
        assertThat(delivery.body()).isEqualTo("ConnectException");
        assertThat(delivery)
                .hasToString("task " + delivery.taskId() + ": GET to " + receiver.url("")
                        + " not answered, ConnectException");
    }

    @Test
    void deliveryWhenPrintedThenHidesTokenAndCodeAndAnswer() throws Exception {
        receiver.answersWith(200, "secret");

        Delivery delivery = simulator.awaitDelivery(submit("/secret?token=secret", "normal", "get", "secret"), LONG);

        assertThat(delivery)
                .hasToString("task " + delivery.taskId() + ": GET to " + receiver.url("") + " answered with 200");
    }

    @Test
    void awaitDeliveryWhenNoneComesThenThrows() {
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> simulator.awaitDelivery("1", Duration.ofMillis(1)))
                .withMessage("Task 1 has 0 of 1 deliveries after PT0.001S");
    }
}
