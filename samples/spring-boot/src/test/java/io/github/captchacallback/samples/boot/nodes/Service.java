package io.github.captchacallback.samples.boot.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Plays a CAPTCHA service that sends every callback again until it knows that it was taken. */
final class Service {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final URI application;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Makes a service that reaches the application by its load balancer. */
    Service(URI application) {
        this.application = application;
    }

    /**
     * A task whose callback nobody but this service sends.
     *
     * @param callback the whole URL of the callback
     */
    record Task(String reference, URI callback) {}

    /**
     * What was answered to one callback in the end.
     *
     * @param accepted how many attempts were answered 200
     * @param attempts how many were made
     */
    record Answered(Task task, int accepted, int attempts) {}

    Task submit() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(application.resolve("/demo/tasks"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("deliver=never"))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        JsonNode task = JSON.readTree(answer.body());
        return new Task(
                task.path("reference").asText(),
                URI.create(task.path("callbackUrl").asText() + "&id="
                        + task.path("taskId").asText() + "&code=an-answer"));
    }

    List<Task> submit(int tasks) throws IOException, InterruptedException {
        List<Task> submitted = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            submitted.add(submit());
        }
        return submitted;
    }

    HttpResponse<String> call(Task task) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(task.callback())
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends one callback many times at once, and returns the statuses of the answers. */
    List<Integer> callAtOnce(Task task, int times) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return call(task).statusCode();
                }));
            }
            start.countDown();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            return statuses;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Sends a callback until it is known to be taken. */
    Answered callUntilTaken(Task task) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int accepted = 0;
        int attempts = 0;
        while (System.nanoTime() < deadline) {
            attempts++;
            try {
                HttpResponse<String> answer = call(task);
                if (answer.statusCode() == 200) {
                    accepted++;
                }
                if (answer.body().contains("already processed")) {
                    return new Answered(task, accepted, attempts);
                }
                if (answer.statusCode() == 403 || answer.statusCode() == 400) {
                    throw new AssertionError(task.reference() + ": " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                // The node has died, or the balancer had none for a moment: a service calls again.
            }
            Thread.sleep(Math.min(500, 20L * attempts));
        }
        throw new AssertionError(task.reference() + " was accepted " + accepted + " times, and is not settled after "
                + attempts + " attempts");
    }
}
