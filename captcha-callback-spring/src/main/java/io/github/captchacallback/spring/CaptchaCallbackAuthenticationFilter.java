package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Tells Spring Security of a callback that the servlet filter has let through. The context is saved with the request alone:
 * a dispatch to the error page, which another filter chain may guard, is then still the callback's and not a stranger's.
 */
final class CaptchaCallbackAuthenticationFilter implements Filter {

    /** Marks a request whose authentication was told, for its further dispatches and for the filters of other endpoints. */
    private static final String TOLD = CaptchaCallbackAuthenticationFilter.class.getName() + ".TOLD";

    private final CaptchaCallbackFilter filter;
    private final String path;
    private final CallbackAuthenticationEvents events;
    private final SecurityContextHolderStrategy contexts;
    private final SecurityContextRepository ofRequest = new RequestAttributeSecurityContextRepository();

    CaptchaCallbackAuthenticationFilter(
            GuardedEndpoint endpoint, SecurityContextHolderStrategy contexts, CallbackAuthenticationEvents events) {
        this.filter = endpoint.filter();
        this.path = endpoint.path();
        this.contexts = contexts;
        this.events = events;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        AtomicBoolean passedOn = new AtomicBoolean();
        filter.doFilter(request, response, (passed, answer) -> {
            passedOn.set(true);
            CaptchaCallbackFilter.callback(passed).ifPresent(callback -> authenticate(callback, passed, answer));
            chain.doFilter(passed, answer);
        });
        // What was passed on may have been refused further behind, at another endpoint.
        if (!passedOn.get()) {
            CaptchaCallbackFilter.refusal(request).ifPresent(refusal -> events.refused(refusal, path));
            // Handed over in the background, where nobody asks who it is from.
            CaptchaCallbackFilter.callback(request)
                    .ifPresent(callback -> events.accepted(new CaptchaCallbackAuthentication(callback)));
        }
    }

    private void authenticate(Callback callback, ServletRequest request, ServletResponse response) {
        CaptchaCallbackAuthentication authentication = new CaptchaCallbackAuthentication(callback);
        SecurityContext context = contexts.createEmptyContext();
        context.setAuthentication(authentication);
        contexts.setContext(context);
        ofRequest.saveContext(context, (HttpServletRequest) request, (HttpServletResponse) response);
        if (request.getAttribute(TOLD) == null) {
            request.setAttribute(TOLD, true);
            events.accepted(authentication);
        }
    }
}
