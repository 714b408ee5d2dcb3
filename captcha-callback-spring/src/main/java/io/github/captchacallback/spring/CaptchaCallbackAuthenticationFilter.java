package io.github.captchacallback.spring;

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
    private final SecurityContextHolderStrategy contexts;
    private final SecurityContextRepository ofRequest = new RequestAttributeSecurityContextRepository();

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
                ofRequest.saveContext(context, (HttpServletRequest) passed, (HttpServletResponse) answer);
            });
            chain.doFilter(passed, answer);
        });
    }
}
