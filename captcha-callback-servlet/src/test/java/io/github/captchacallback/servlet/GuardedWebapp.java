package io.github.captchacallback.servlet;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a webapp in a container of this JVM under {@link HttpContract}. */
final class GuardedWebapp implements GuardedApplication {

    private final Webapp webapp;

    GuardedWebapp(Webapp webapp) {
        this.webapp = webapp;
        SETTINGS.forEach(webapp::set);
        webapp.endpoint(this::serve)
                .servlet("/", (request, response) -> response.sendError(404))
                .start();
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Callback callback = CaptchaCallbackFilter.callback(request).orElseThrow();
        boolean first = arrivals(callback.reference()).isEmpty();
        webapp.remember(callback);
        String code = request.getParameter("code");
        if (first && code.startsWith("first:")) {
            obey(code.split(":", -1), request, response);
        } else {
            response.setContentType("text/plain;charset=UTF-8");
            response.getOutputStream().write(code.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void obey(String[] order, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (order[1]) {
            case "answer" -> response.setStatus(Integer.parseInt(order[2]));
            case "answer-later" -> {
                AsyncContext later = request.startAsync();
                later.start(() -> {
                    response.setStatus(Integer.parseInt(order[2]));
                    later.complete();
                });
            }
            case "answer-never" -> request.startAsync().setTimeout(AsyncOutcomeTests.TIMEOUT_MILLIS);
            case "send-error" -> response.sendError(Integer.parseInt(order[2]));
            case "throw-while-answering" -> {
                response.flushBuffer();
                throw new IllegalStateException("on purpose");
            }
            default -> throw new IllegalStateException("on purpose");
        }
    }

    @Override
    public int port() {
        return webapp.port();
    }

    @Override
    public String issue() {
        return webapp.issue();
    }

    @Override
    public String issuedBefore(Duration age) {
        String issued = issue();
        webapp.pass(age);
        return issued;
    }

    @Override
    public void bind(String reference, String taskId) {
        webapp.callbacks().bind(reference, taskId);
    }

    @Override
    public void abandon(String reference) {
        webapp.callbacks().abandon(reference);
    }

    @Override
    public List<Arrival> arrivals(String reference) {
        return webapp.handled().stream()
                .filter(callback -> callback.reference().equals(reference))
                .map(callback -> new Arrival(callback.taskId(), callback.error().orElseGet(callback::solution)))
                .toList();
    }

    @Override
    public List<String> claims(String reference) {
        return webapp.events().stream()
                .filter(event -> reference.equals(claimed(event)))
                .map(event -> event.getClass().getSimpleName())
                .toList();
    }

    /** Returns the reference whose claim an event tells of; null where it tells of something else. */
    private static @Nullable String claimed(CallbackEvent event) {
        if (event instanceof CallbackEvent.Accepted accepted) {
            return accepted.reference();
        }
        if (event instanceof CallbackEvent.Settled settled) {
            return settled.reference();
        }
        return event instanceof CallbackEvent.Released released ? released.reference() : null;
    }
}
