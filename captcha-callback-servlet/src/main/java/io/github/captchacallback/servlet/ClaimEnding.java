package io.github.captchacallback.servlet;

import io.github.captchacallback.Claim;
import io.github.captchacallback.store.CallbackStoreException;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a claim when the application has answered or failed, on the request's own thread or later on another. */
final class ClaimEnding implements AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimEnding.class);

    private final Claim claim;

    ClaimEnding(Claim claim) {
        this.claim = claim;
    }

    void around(FilterChain chain, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        boolean answered = false;
        try {
            chain.doFilter(request, response);
            answered = true;
        } catch (IOException e) {
            answered = isHangUp(e, response);
            throw e;
        } finally {
            if (!answered) {
                end(claim::release);
            } else if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(this, request, response);
            } else {
                answered(response);
            }
        }
    }

    /** Once the answer is under way, it is the client that breaks off: the application has the callback. */
    private static boolean isHangUp(Throwable thrown, ServletResponse response) {
        return thrown instanceof IOException && response.isCommitted();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        answered(event.getSuppliedResponse());
    }

    /** The application may answer yet; where it does not, the container completes the request with a 500. */
    @Override
    public void onTimeout(AsyncEvent event) {}

    /** Not every container completes a request that has met an error. */
    @Override
    public void onError(AsyncEvent event) {
        if (isHangUp(event.getThrowable(), event.getSuppliedResponse())) {
            answered(event.getSuppliedResponse());
        } else {
            end(claim::release);
        }
    }

    /** A dispatch that goes asynchronous again has forgotten its listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this, event.getSuppliedRequest(), event.getSuppliedResponse());
    }

    private void answered(ServletResponse response) {
        int status = ((HttpServletResponse) response).getStatus();
        end(() -> claim.answered(status));
    }

    /** The application's answer is under way already: a store that fails now leaves the claim to its lease. */
    private static void end(Runnable step) {
        try {
            step.run();
        } catch (CallbackStoreException e) {
            LOG.warn("A claim could not be ended, and ends with its lease: {}", e.getMessage());
        }
    }
}
