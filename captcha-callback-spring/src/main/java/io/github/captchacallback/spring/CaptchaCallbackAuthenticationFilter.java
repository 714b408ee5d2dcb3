package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.Step;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Authenticates a verified callback in a filter chain. In a Boot application a servlet filter has verified it before; otherwise
 * this filter does. The context is saved with the request only: a dispatch to the error page, which another filter chain may
 * guard, then still has the callback's authentication.
 */
final class CaptchaCallbackAuthenticationFilter implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CallbackEndpoint endpoint;
    private final CaptchaCallbackFilter filter;
    private final SecurityContextHolderStrategy contexts;
    private final SecurityContextRepository ofRequest = new RequestAttributeSecurityContextRepository();

    CaptchaCallbackAuthenticationFilter(
            CallbackEndpoint endpoint,
            SecurityContextHolderStrategy contexts,
            BiConsumer<HttpServletRequest, Step> events) {
        this.endpoint = endpoint;
        this.filter = new CaptchaCallbackFilter(endpoint, events);
        this.contexts = contexts;
    }

    CallbackEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        filter.doFilter(request, response, (passed, answer) -> {
            Optional<Callback> callback = CaptchaCallbackFilter.callback(passed);
            callback.ifPresent(verified -> authenticate(verified, passed, answer));
            chain.doFilter(passed, answer);
            callback.ifPresent(verified -> warnIfTheChainRefused(verified, passed, answer));
        });
    }

    private void authenticate(Callback callback, ServletRequest request, ServletResponse response) {
        SecurityContext context = contexts.createEmptyContext();
        context.setAuthentication(CaptchaCallbackAuthentication.of(callback, (HttpServletRequest) request));
        contexts.setContext(context);
        ofRequest.saveContext(context, (HttpServletRequest) request, (HttpServletResponse) response);
    }

    /** The core warns of every such answer; only here is it clear which rule to add. */
    private void warnIfTheChainRefused(Callback callback, ServletRequest request, ServletResponse response) {
        int status = ((HttpServletResponse) response).getStatus();
        boolean refused = status == HttpServletResponse.SC_UNAUTHORIZED || status == HttpServletResponse.SC_FORBIDDEN;
        if (refused && !HandlerReached.isMarked(request) && !request.isAsyncStarted()) {
            LOG.warn(
                    "A rule of the filter chain answered the callback of reference {} with {}, before a controller received"
                            + " it. Add requestMatchers(\"{}\").hasAuthority(\"{}\") or permitAll() before the chain's"
                            + " other rules",
                    callback.reference(),
                    status,
                    endpoint.path(),
                    CaptchaCallbackAuthentication.AUTHORITY);
        }
    }
}
