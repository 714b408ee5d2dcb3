package io.github.captchacallback.samples.boot;

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
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs the demo by its own main method, on free ports, and calls it over HTTP. */
final class RunningDemo implements AutoCloseable {

    /** The key of the demos that the tests sign for themselves. */
    static final String SECRET = "a-secret-that-the-tests-sign-with-themselves";

    /** Where callbacks arrive. */
    static final String PATH = "/captcha/callback";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static @Nullable RunningDemo shared;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConfigurableApplicationContext context;
    private final int port;

    private RunningDemo(ConfigurableApplicationContext context, int port) {
        this.context = context;
        this.port = port;
    }

    /** Returns the one demo that the tests without settings of their own share; it ends with the JVM. */
    static synchronized RunningDemo shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Starts a demo with {@link #SECRET} and these settings, each {@code name=value}. */
    static RunningDemo start(String... settings) {
        return startAsUsersDo(
                Stream.concat(Stream.of("captcha.callback.signature.keys.test=" + SECRET), Arrays.stream(settings))
                        .toArray(String[]::new));
    }

    /** Starts a demo with these settings alone. */
    static RunningDemo startAsUsersDo(String... settings) {
        int port = freePort();
        String[] arguments = Stream.concat(
                        Stream.of("server.port=" + port, "demo.simulator.port=0"), Arrays.stream(settings))
                .map(setting -> "--" + setting)
                .toArray(String[]::new);
        AtomicReference<@Nullable ConfigurableApplicationContext> started = new AtomicReference<>();
        SpringApplicationRunListener listener = new SpringApplicationRunListener() {
            @Override
            public void started(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
                started.set(context);
            }
        };
        SpringApplication.withHook(application -> listener, () -> DemoApplication.main(arguments));
        ConfigurableApplicationContext context = started.get();
        if (context == null) {
            throw new AssertionError("main has started nothing");
        }
        return new RunningDemo(context, port);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String publicUrl() {
        return "http://localhost:" + port + PATH;
    }

    String property(String name) {
        return context.getEnvironment().getRequiredProperty(name);
    }

    CaptchaSimulator simulator() {
        return context.getBean(CaptchaSimulator.class);
    }

    HttpResponse<String> get(String target) {
        return send(target, HttpRequest.Builder::GET);
    }

    HttpResponse<String> post(String target, String... namesAndValues) {
        return send(target, request -> form(request, namesAndValues));
    }

    static HttpRequest.Builder form(HttpRequest.Builder request, String... namesAndValues) {
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(parameters(namesAndValues)));
    }

    static String parameters(String... namesAndValues) {
        return IntStream.range(0, namesAndValues.length / 2)
                .mapToObj(i -> encoded(namesAndValues[2 * i]) + "=" + encoded(namesAndValues[2 * i + 1]))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    HttpResponse<String> send(String target, UnaryOperator<HttpRequest.Builder> request) {
        try {
            return client.send(
                    request.apply(HttpRequest.newBuilder(uri(target)).timeout(TIMEOUT))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<InputStream>> stream(String target) {
        return client.sendAsync(HttpRequest.newBuilder(uri(target)).build(), BodyHandlers.ofInputStream());
    }

    private URI uri(String target) {
        return URI.create("http://localhost:" + port + target);
    }

    /** Submits a task that must be taken, and returns what was answered. */
    JsonNode submit(String... steering) {
        HttpResponse<String> answer = post("/demo/tasks", steering);
        if (answer.statusCode() != 201) {
            throw new AssertionError("The task was not taken: " + answer.statusCode() + " " + answer.body());
        }
        return json(answer);
    }

    /** Submits a task whose callback the simulated service does not send, and returns its callback's path and query. */
    Expected expect() {
        JsonNode task = submit("deliver", "never");
        String url = task.get("callbackUrl").asText();
        return new Expected(
                task.get("reference").asText(), task.get("taskId").asText(), url.substring(url.indexOf(PATH)));
    }

    /**
     * A callback that is expected and does not come by itself.
     *
     * @param target the path and the query of its URL
     */
    record Expected(String reference, String taskId, String target) {

        String solved(String code) {
            return target + (target.contains("?") ? "&" : "?") + parameters("id", taskId, "code", code);
        }
    }

    JsonNode task(String reference) {
        return json(get("/demo/tasks/" + reference));
    }

    /** Waits until a task is no longer pending, and returns it. */
    JsonNode ended(String reference) {
        return await().until(
                        () -> task(reference),
                        task -> !"pending".equals(task.get("state").asText()));
    }

    static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("This is no JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
