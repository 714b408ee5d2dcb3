package io.github.captchacallback.spring.metrics;

import io.github.captchacallback.Callback;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Observes an application's own endpoint while it handles a verified callback, and nothing else. It stands behind the
 * filter that verifies.
 */
public final class CallbackObservationFilter implements Filter {

    private static final String OBSERVED = CallbackObservationFilter.class.getName();

    private final ObservationRegistry registry;

    /** Makes a filter that observes into a registry. */
    public CallbackObservationFilter(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Callback> callback = CaptchaCallbackFilter.callback(request);
        if (callback.isEmpty() || request.getAttribute(OBSERVED) != null) {
            chain.doFilter(request, response);
            return;
        }
        request.setAttribute(OBSERVED, true);
        Observation observation =
                CallbackObservation.of(callback.get(), registry).start();
        Observation.Scope scope = observation.openScope();
        boolean goesOn = false;
        try {
            chain.doFilter(request, response);
            goesOn = request.isAsyncStarted();
            if (goesOn) {
                request.getAsyncContext().addListener(new StopAtTheEnd(observation));
            }
        } catch (IOException | ServletException | RuntimeException | Error e) {
            observation.error(e);
            throw e;
        } finally {
            scope.close();
            if (!goesOn) {
                observation.stop();
            }
        }
    }

    /** Stops the observation of an endpoint that answers later. */
    private record StopAtTheEnd(Observation observation) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            observation.stop();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {
            observation.error(event.getThrowable());
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
