package io.github.captchacallback.samples.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Plays the application: keeps the callbacks it is sent, and answers each with the same text. */
final class CallbackReceiver implements AutoCloseable {

    record ReceivedCallback(String method, String path, String query, String contentType, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<ReceivedCallback> callbacks = new LinkedBlockingQueue<>();
    private volatile CompletableFuture<String> answer = CompletableFuture.completedFuture("OK");
    private volatile int status = 200;

    CallbackReceiver() {
        try {
            server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            callbacks.add(new ReceivedCallback(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    String.valueOf(exchange.getRequestURI().getRawQuery()),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            byte[] body = answer.join().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    String url(String pathAndQuery) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + pathAndQuery;
    }

    void answersWith(int status, String body) {
        answersWith(status, CompletableFuture.completedFuture(body));
    }

    void answersWith(int status, CompletableFuture<String> body) {
        this.status = status;
        this.answer = body;
    }

    ReceivedCallback next() throws InterruptedException {
        ReceivedCallback callback = callbacks.poll(20, TimeUnit.SECONDS);
        if (callback == null) {
            throw new AssertionError("No callback came within 20 seconds");
        }
        return callback;
    }

    boolean hasMore() {
        return !callbacks.isEmpty();
    }

    @Override
    public void close() {
        answer.complete("closed");
        server.stop(0);
        threads.shutdownNow();
    }
}
