package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.web.context.WebApplicationContext;

/**
 * Guards the callback endpoint in a Spring Security filter chain: {@code http.with(captchaCallback(), withDefaults())}.
 *
 * <p>Its filter stands before {@link CsrfFilter}. A verified callback needs no CSRF token, and is authenticated as a
 * {@link CaptchaCallbackAuthentication}; every other request for the path is refused there. Other paths are the chain's own
 * affair.
 */
public final class CaptchaCallbackConfigurer extends AbstractHttpConfigurer<CaptchaCallbackConfigurer, HttpSecurity> {

    private @Nullable CaptchaCallbacks callbacks;
    private @Nullable BackgroundDelivery delivery;

    private CaptchaCallbackConfigurer() {}

    /** Returns a configurer that takes its collaborators from unique beans, where it is not given others. */
    public static CaptchaCallbackConfigurer captchaCallback() {
        return new CaptchaCallbackConfigurer();
    }

    /** Uses these callbacks, and not the one bean of that type. */
    public CaptchaCallbackConfigurer callbacks(CaptchaCallbacks ownCallbacks) {
        this.callbacks = ownCallbacks;
        return this;
    }

    /** Hands callbacks over in the background, and does not look for a bean of that type. */
    public CaptchaCallbackConfigurer delivery(BackgroundDelivery ownDelivery) {
        this.delivery = ownDelivery;
        return this;
    }

    @Override
    public void init(HttpSecurity http) {
        @SuppressWarnings("unchecked")
        CsrfConfigurer<HttpSecurity> csrf = http.getConfigurer(CsrfConfigurer.class);
        if (csrf != null) {
            csrf.ignoringRequestMatchers(
                    request -> CaptchaCallbackFilter.callback(request).isPresent());
        }
    }

    @Override
    public void configure(HttpSecurity http) {
        ApplicationContext context = http.getSharedObject(ApplicationContext.class);
        CaptchaCallbacks guarded = callbacks == null ? uniqueCallbacks(context) : callbacks;
        ServletContext servletContext = context instanceof WebApplicationContext web ? web.getServletContext() : null;
        if (servletContext != null) {
            CaptchaCallbackFilter.requirePathWithin(servletContext, guarded);
        }
        http.addFilterBefore(
                new CaptchaCallbackAuthenticationFilter(filter(guarded, context), getSecurityContextHolderStrategy()),
                CsrfFilter.class);
    }

    private CaptchaCallbackFilter filter(CaptchaCallbacks guarded, ApplicationContext context) {
        BackgroundDelivery handing = delivery;
        if (handing == null && callbacks == null) {
            handing = context.getBeanProvider(BackgroundDelivery.class).getIfAvailable();
        }
        return handing == null ? new CaptchaCallbackFilter(guarded) : new CaptchaCallbackFilter(guarded, handing);
    }

    private static CaptchaCallbacks uniqueCallbacks(ApplicationContext context) {
        try {
            return context.getBean(CaptchaCallbacks.class);
        } catch (NoUniqueBeanDefinitionException e) {
            throw new IllegalStateException(
                    "There are several CaptchaCallbacks beans: " + e.getBeanNamesFound()
                            + ". Name the one to use: http.with(captchaCallback(), c -> c.callbacks(…))",
                    e);
        } catch (NoSuchBeanDefinitionException e) {
            throw new IllegalStateException(
                    "There is no CaptchaCallbacks bean. Set captcha.callback.public-url and"
                            + " captcha.callback.signature.keys.<key-id> in a Boot application, or define the bean, or hand it"
                            + " over: http.with(captchaCallback(), c -> c.callbacks(…))",
                    e);
        }
    }
}
