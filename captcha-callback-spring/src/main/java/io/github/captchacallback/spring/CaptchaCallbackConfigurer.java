package io.github.captchacallback.spring;

import io.github.captchacallback.CallbackListener;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.store.CallbackStore;
import jakarta.servlet.ServletContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.DefaultAuthenticationEventPublisher;
import org.springframework.security.config.Customizer;
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

    private final List<CallbackEndpoint> further = new ArrayList<>();
    private @Nullable Customizer<CaptchaCallbacksBuilder> settings;
    private @Nullable CaptchaCallbacks callbacks;

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

    /**
     * Builds the callbacks of settings that are given here, and does not look for a bean of that type. The store, the clock
     * and the listeners that are beans are set before. This is for an application that only verifies: one that issues as
     * well defines the bean, which both use.
     */
    public CaptchaCallbackConfigurer settings(Customizer<CaptchaCallbacksBuilder> ownSettings) {
        this.settings = ownSettings;
        return this;
    }

    /**
     * Guards an endpoint, in addition to those that are given otherwise: for several services, each with its own path, keys
     * and settings. No bean is looked for then.
     */
    public CaptchaCallbackConfigurer endpoint(CallbackEndpoint endpoint) {
        further.add(endpoint);
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
        List<CallbackEndpoint> endpoints = endpoints(context);
        requireDifferentPaths(endpoints);
        CallbackAuthenticationEvents events =
                new CallbackAuthenticationEvents(context.getBeanProvider(AuthenticationEventPublisher.class)
                        .getIfUnique(() -> new DefaultAuthenticationEventPublisher(context)));
        ServletContext servletContext = context instanceof WebApplicationContext web ? web.getServletContext() : null;
        for (CallbackEndpoint endpoint : endpoints) {
            if (servletContext != null) {
                CaptchaCallbackFilter.requirePathWithin(servletContext, endpoint.callbacks());
            }
            http.addFilterBefore(
                    new CaptchaCallbackAuthenticationFilter(endpoint, getSecurityContextHolderStrategy(), events),
                    CsrfFilter.class);
        }
    }

    private List<CallbackEndpoint> endpoints(ApplicationContext context) {
        List<CallbackEndpoint> endpoints = new ArrayList<>();
        if (settings != null) {
            endpoints.add(CallbackEndpoint.of(build(settings, context)));
        } else if (callbacks != null) {
            endpoints.add(CallbackEndpoint.of(callbacks));
        } else if (further.isEmpty()) {
            CallbackEndpoint bean =
                    context.getBeanProvider(CallbackEndpoint.class).getIfAvailable();
            endpoints.add(bean == null ? CallbackEndpoint.of(uniqueCallbacks(context)) : bean);
        }
        endpoints.addAll(further);
        return endpoints;
    }

    private static CaptchaCallbacks build(Customizer<CaptchaCallbacksBuilder> settings, ApplicationContext context) {
        CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder();
        context.getBeanProvider(CallbackStore.class).ifAvailable(builder::store);
        context.getBeanProvider(InstantSource.class).ifUnique(builder::clock);
        context.getBeanProvider(CallbackListener.class).orderedStream().forEach(builder::listener);
        settings.customize(builder);
        return builder.build();
    }

    /** Of two filters for one path the second would refuse what the first has let through. */
    private static void requireDifferentPaths(List<CallbackEndpoint> endpoints) {
        Set<String> paths = new HashSet<>();
        for (CallbackEndpoint endpoint : endpoints) {
            if (!paths.add(endpoint.path())) {
                throw new IllegalStateException("Two endpoints are guarded at " + endpoint.path()
                        + ". Give each its own path in captcha.callback.public-url or captcha.callback.path");
            }
        }
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
