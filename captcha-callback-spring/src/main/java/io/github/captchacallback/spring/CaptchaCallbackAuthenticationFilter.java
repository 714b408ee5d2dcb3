package io.github.captchacallback.spring;

import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Tells Spring Security of a callback that the servlet filter has let through. Every dispatch of the request is told anew,
 * since the context is saved nowhere.
 */
final class CaptchaCallbackAuthenticationFilter implements Filter {

    private final CaptchaCallbackFilter filter;
    private final SecurityContextHolderStrategy contexts;

    CaptchaCallbackAuthenticationFilter(CaptchaCallbackFilter filter, SecurityContextHolderStrategy contexts) {
        this.filter = filter;
        this.contexts = contexts;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        filter.doFilter(request, response, (passed, answer) -> {
            CaptchaCallbackFilter.callback(passed).ifPresent(callback -> {
                SecurityContext context = contexts.createEmptyContext();
                context.setAuthentication(new CaptchaCallbackAuthentication(callback));
                contexts.setContext(context);
            });
            chain.doFilter(passed, answer);
        });
    }
}
