package io.github.captchacallback.samples.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** Answers {@code in.php} and {@code res.php}, errors with status 200 as the services do. */
final class Endpoints implements HttpHandler {

    private static final int MAX_LENGTH = 64 * 1024;

    private final Tasks tasks;
    private final Courier courier;

    Endpoints(Tasks tasks, Courier courier) {
        this.tasks = tasks;
        this.courier = courier;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean post = exchange.getRequestMethod().equals("POST");
            if (!"/in.php".equals(path) && !"/res.php".equals(path)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (!post && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, POST");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
            byte[] form = post ? exchange.getRequestBody().readNBytes(MAX_LENGTH + 1) : new byte[0];
            if (query.length() > MAX_LENGTH || form.length > MAX_LENGTH) {
                exchange.sendResponseHeaders(413, -1);
                return;
            }
            answer(exchange, path, query, new String(form, StandardCharsets.UTF_8));
        }
    }

    private void answer(HttpExchange exchange, String path, String query, String form) throws IOException {
        Parameters parameters = Parameters.NONE;
        try {
            boolean readable = form.isEmpty() || isForm(exchange);
            parameters = Parameters.of(query, readable ? form : "");
            if (!readable) {
                throw RefusedException.badParameters("the body must be application/x-www-form-urlencoded");
            }
            parameters.required("key", "ERROR_WRONG_USER_KEY");
            if (path.equals("/in.php")) {
                submit(exchange, parameters);
            } else {
                send(exchange, parameters, result(parameters));
            }
        } catch (RefusedException e) {
            send(exchange, parameters, Reply.error(e));
        }
    }

    private static boolean isForm(HttpExchange exchange) {
        String type = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Content-Type"), "");
        return type.toLowerCase(Locale.ROOT).matches("application/x-www-form-urlencoded\\s*(;.*)?");
    }

    private void submit(HttpExchange exchange, Parameters parameters) throws IOException, RefusedException {
        Order order = Order.from(parameters);
        if (courier.isFull()) {
            throw new RefusedException("ERROR_NO_SLOT_AVAILABLE", null);
        }
        Task task = tasks.add(order);
        if (order.deliversIn(DeliveryMode.EARLY)) {
            courier.deliver(task);
        }
        try {
            send(exchange, parameters, Reply.ok(task.id()));
        } finally {
            if (!order.deliversIn(DeliveryMode.EARLY)) {
                courier.deliverLater(task);
            }
        }
    }

    private Reply result(Parameters parameters) throws RefusedException {
        String action = parameters.required("action", "ERROR_EMPTY_ACTION");
        if (!action.equals("get") && !action.equals("get2")) {
            throw RefusedException.badParameters("action must be one of get, get2");
        }
        String id = parameters.required("id", "ERROR_WRONG_CAPTCHA_ID");
        return tasks.find(id)
                .map(task -> task.result(action.equals("get2")))
                .orElseGet(() -> Reply.error("ERROR_WRONG_CAPTCHA_ID"));
    }

    private static void send(HttpExchange exchange, Parameters parameters, Reply reply) throws IOException {
        boolean json = parameters.wantsJson();
        byte[] body = (json ? reply.json() : reply.text()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", json ? "application/json" : "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().close();
    }
}
