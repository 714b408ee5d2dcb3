package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import io.github.captchacallback.Verdict;
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
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Tells Spring Security of a callback that the servlet filter has let through. The context is saved with the request alone:
 * a dispatch to the error page, which another filter chain may guard, is then still the callback's and not a stranger's.
 */
final class CaptchaCallbackAuthenticationFilter implements Filter {

    private final CaptchaCallbackFilter filter;
    private final String path;
    private final CallbackAuthenticationEvents events;
    private final SecurityContextHolderStrategy contexts;
    private final SecurityContextRepository ofRequest = new RequestAttributeSecurityContextRepository();

    CaptchaCallbackAuthenticationFilter(
            CallbackEndpoint endpoint, SecurityContextHolderStrategy contexts, CallbackAuthenticationEvents events) {
        this.filter = new CaptchaCallbackFilter(endpoint, this::tell);
        this.path = endpoint.path();
        this.contexts = contexts;
        this.events = events;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        filter.doFilter(request, response, (passed, answer) -> {
            CaptchaCallbackFilter.callback(passed).ifPresent(callback -> authenticate(callback, passed, answer));
            chain.doFilter(passed, answer);
        });
    }

    private void tell(HttpServletRequest request, Step step) {
        if (step instanceof Step.PassOn accepted) {
            events.accepted(new CaptchaCallbackAuthentication(accepted.callback()));
        } else if (step instanceof Step.Answer answer && answer.verdict() instanceof Verdict.Accepted accepted) {
            events.accepted(new CaptchaCallbackAuthentication(accepted.callback()));
        } else if (step instanceof Step.Answer answer && answer.verdict() instanceof Verdict.Refused refused) {
            events.refused(refused.refusal(), path);
        }
    }

    private void authenticate(Callback callback, ServletRequest request, ServletResponse response) {
        CaptchaCallbackAuthentication authentication = new CaptchaCallbackAuthentication(callback);
        SecurityContext context = contexts.createEmptyContext();
        context.setAuthentication(authentication);
        contexts.setContext(context);
        ofRequest.saveContext(context, (HttpServletRequest) request, (HttpServletResponse) response);
    }
}
