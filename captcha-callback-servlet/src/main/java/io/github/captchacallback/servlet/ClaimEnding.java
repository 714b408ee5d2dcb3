package io.github.captchacallback.servlet;

import io.github.captchacallback.Claim;
import io.github.captchacallback.store.CallbackStoreException;
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

    private static final Logger LOG = LoggerFactory.getLogger(ClaimEnding.class);

    private final Claim claim;

    ClaimEnding(Claim claim) {
        this.claim = claim;
    }

    void around(FilterChain chain, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        boolean returned = false;
        try {
            chain.doFilter(request, response);
            returned = true;
        } finally {
            if (!returned) {
                end(claim::release);
            }
        }
        if (request.isAsyncStarted()) {
            request.getAsyncContext().addListener(this, request, response);
        } else {
            end(() -> claim.answered(response.getStatus()));
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        int status = ((HttpServletResponse) event.getSuppliedResponse()).getStatus();
        end(() -> claim.answered(status));
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end(claim::release);
    }

    @Override
    public void onError(AsyncEvent event) {
        end(claim::release);
    }

    /** A dispatch that goes asynchronous again has forgotten its listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this, event.getSuppliedRequest(), event.getSuppliedResponse());
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
