package io.github.captchacallback.samples.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Calls a running sample over HTTP. */
public abstract class Demo implements AutoCloseable {

    /** The key of the samples that the tests sign for themselves. */
    public static final String SECRET = "a-secret-that-the-tests-sign-with-themselves";

    /** The id of that key. */
    public static final String KEY_ID = "test";

    /** Where callbacks arrive, within the application. */
    public static final String PATH = "/captcha/callback";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;

    /** Makes a client of the application at a port of this machine, under a context path that may be empty. */
    protected Demo(int port, String contextPath) {
        this.address = URI.create("http://localhost:" + port + contextPath);
    }

    /** Returns a port that is free. */
    protected static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the service that the application submits its tasks to. */
    public abstract CaptchaSimulator simulator();

    public final int port() {
        return address.getPort();
    }

    public final String publicUrl() {
        return address + PATH;
    }

    /** Gets a target within the application, as all others here do. */
    public final HttpResponse<String> get(String target) {
        return send(target, HttpRequest.Builder::GET);
    }

    public final HttpResponse<String> post(String target, String... namesAndValues) {
        return send(target, request -> form(request, namesAndValues));
    }

    public static HttpRequest.Builder form(HttpRequest.Builder request, String... namesAndValues) {
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(parameters(namesAndValues)));
    }

    private static String parameters(String... namesAndValues) {
        return IntStream.range(0, namesAndValues.length / 2)
                .mapToObj(i -> encoded(namesAndValues[2 * i]) + "=" + encoded(namesAndValues[2 * i + 1]))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Sends a request; no answer of a sample ever makes a session. */
    public final HttpResponse<String> send(String target, UnaryOperator<HttpRequest.Builder> request) {
        try {
            HttpResponse<String> answer = client.send(
                    request.apply(HttpRequest.newBuilder(uri(target)).timeout(TIMEOUT))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public final CompletableFuture<HttpResponse<InputStream>> stream(String target) {
        return client.sendAsync(HttpRequest.newBuilder(uri(target)).build(), BodyHandlers.ofInputStream());
    }

    private URI uri(String target) {
        return URI.create(address + target);
    }

    /** Connects without a request. */
    final Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return socket;
    }

    /** Gets a target by a request as no HTTP client would write it, and returns all that is answered. */
    final String getAsWritten(String target) throws IOException {
        try (Socket socket = connect()) {
            return getAsWritten(socket, target);
        }
    }

    final String getAsWritten(Socket socket, String target) throws IOException {
        String request =
                "GET " + address.getRawPath() + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Submits a task that must be taken, and returns what was answered. */
    public final JsonNode submit(String... steering) {
        HttpResponse<String> answer = post("/demo/tasks", steering);
        if (answer.statusCode() != 201) {
            throw new AssertionError("The task was not taken: " + answer.statusCode() + " " + answer.body());
        }
        return json(answer);
    }

    /** Submits a task whose callback the simulated service does not send. */
    public final Expected expect() {
        JsonNode task = submit("deliver", "never");
        return new Expected(task.get("reference").asText(), task.get("taskId").asText(), callbackTarget(task));
    }

    /** Returns the target within the application of a submitted task's callback. */
    public final String callbackTarget(JsonNode task) {
        String url = task.get("callbackUrl").asText();
        assertThat(url).startsWith(publicUrl());
        return url.substring(address.toString().length());
    }

    /**
     * A callback that is expected and does not come by itself.
     *
     * @param target the path and the query of its URL, within the application
     */
    public record Expected(String reference, String taskId, String target) {

        public String solved(String code) {
            return target + (target.contains("?") ? "&" : "?") + parameters("id", taskId, "code", code);
        }
    }

    public final JsonNode task(String reference) {
        return json(get("/demo/tasks/" + reference));
    }

    /** Waits until a task is no longer pending, and returns it. */
    public final JsonNode ended(String reference) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> task(reference),
                        task -> !"pending".equals(task.get("state").asText()));
    }

    /** Sends a callback until it is no longer in progress: the first one is settled shortly after its handler has returned. */
    public final HttpResponse<String> onceSettled(Supplier<HttpResponse<String>> callback) {
        return await().atMost(TIMEOUT)
                .until(callback::get, answer -> !answer.body().contains("in progress"));
    }

    public static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("This is no JSON: " + text, e);
        }
    }

    @Override
    public abstract void close();
}
