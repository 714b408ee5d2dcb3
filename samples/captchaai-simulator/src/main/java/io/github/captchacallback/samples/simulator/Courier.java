package io.github.captchacallback.samples.simulator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Calls the callback URLs of tasks, at most eight at a time besides the early ones. */
final class Courier implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_ANSWER = 4_096;

    private final ScheduledThreadPoolExecutor deliveries =
            new ScheduledThreadPoolExecutor(8, DaemonThreads.named("simulator-delivery"));
    private final ExecutorService answers = Executors.newFixedThreadPool(4, DaemonThreads.named("simulator-answer"));
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(answers)
            .build();
    private final Consumer<Delivery> log;
    private final Duration timeout;

    Courier(Consumer<Delivery> log) {
        this(log, TIMEOUT);
    }

    Courier(Consumer<Delivery> log, Duration timeout) {
        this.log = log;
        this.timeout = timeout;
    }

    boolean isFull() {
        return deliveries.getQueue().size() >= MAX_WAITING;
    }

    void deliverLater(Task task) {
        if (task.order().pingback() != null && !task.order().deliversIn(DeliveryMode.NEVER)) {
            var unused = deliveries.schedule(
                    () -> deliver(task), task.order().delay().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void deliver(Task task) {
        Pingback pingback = task.order().pingback();
        if (pingback != null) {
            HttpRequest request = pingback.request(task.id(), task.order().code());
            call(task.id(), request);
            if (pingback.mode() == DeliveryMode.TWICE && !Thread.currentThread().isInterrupted()) {
                call(task.id(), request);
            }
        }
    }

    private void call(String taskId, HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, headers -> new BoundedText(MAX_ANSWER));
        try {
            HttpResponse<String> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            log.accept(new Delivery(taskId, request.method(), request.uri(), response.statusCode(), response.body()));
        } catch (ExecutionException e) {
            String reason =
                    Objects.requireNonNullElse(e.getCause(), e).getClass().getSimpleName();
            log.accept(new Delivery(taskId, request.method(), request.uri(), 0, reason));
        } catch (TimeoutException e) {
            answer.cancel(true);
            log.accept(new Delivery(taskId, request.method(), request.uri(), 0, "no answer within " + timeout));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
        }
    }

    /** Drops what waits, and ends what is on its way, unrecorded. */
    @Override
    public void close() {
        deliveries.shutdownNow();
        try {
            deliveries.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answers.shutdown();
    }
}
