package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Claim;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a claim when the application has answered or failed, on the request's own thread or later on another. */
final class ClaimEnding implements AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final Claim claim;
    private final HttpServletResponse response;
    private boolean listening;

    ClaimEnding(Claim claim, HttpServletResponse response) {
        this.claim = claim;
        this.response = response;
    }

    HttpServletResponse response() {
        return response;
    }

    void around(FilterChain chain, HttpServletRequest request) throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            if (isHangUp(e)) {
                endUnlessAsync(request);
            } else {
                end(() -> claim.failed(cause(e)));
            }
            throw e;
        }
        endUnlessAsync(request);
    }

    private void endUnlessAsync(HttpServletRequest request) {
        if (!listening && !listenToUnwrapped(request)) {
            answered();
        }
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof ServletException wrapper && wrapper.getRootCause() != null
                ? wrapper.getRootCause()
                : thrown;
    }

    /** Listens if the application has taken the container's own request asynchronous, and reports whether it has. */
    private boolean listenToUnwrapped(HttpServletRequest request) {
        try {
            if (request.isAsyncStarted()) {
                listenTo(request.getAsyncContext());
            }
            return listening;
        } catch (IllegalStateException e) {
            // Another thread has completed the request in the meantime.
            listening = false;
            return false;
        }
    }

    /** Once the answer is under way, it is the client that breaks off: the application has the callback. */
    private boolean isHangUp(Throwable thrown) {
        return thrown instanceof IOException && response.isCommitted();
    }

    /** Is called when the request goes asynchronous, since another thread may complete it before this one returns. */
    void listenTo(AsyncContext context) {
        if (!listening) {
            listening = true;
            context.addListener(this);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        answered();
    }

    /** The application may answer yet; where it does not, the container completes the request with a 500. */
    @Override
    public void onTimeout(AsyncEvent event) {}

    /** Not every container completes a request that has met an error. */
    @Override
    public void onError(AsyncEvent event) {
        Throwable thrown = event.getThrowable();
        if (isHangUp(thrown)) {
            answered();
        } else {
            end(() -> claim.failed(thrown == null ? new IllegalStateException("asynchronous failure") : cause(thrown)));
        }
    }

    /** A dispatch that goes asynchronous again has forgotten its listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }

    private void answered() {
        end(() -> claim.answered(response.getStatus()));
    }

    /** The application has answered or thrown: whatever a store throws now leaves that alone, and the claim to its lease. */
    private static void end(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            LOG.warn("A claim could not be ended, and ends with its lease: {}", e.toString());
        }
    }
}
