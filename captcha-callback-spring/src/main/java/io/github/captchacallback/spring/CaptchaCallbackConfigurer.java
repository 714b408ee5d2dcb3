package io.github.captchacallback.spring;

import io.github.captchacallback.CallbackEventListener;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.store.CallbackStore;
import jakarta.servlet.ServletContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.web.context.WebApplicationContext;

/**
 * Guards the callback endpoint in a Spring Security filter chain: {@code http.with(captchaCallback(), withDefaults())}.
 *
 * <p>Its filter comes before {@link CsrfFilter}. A verified callback needs no CSRF token, and is authenticated as a
 * {@link CaptchaCallbackAuthentication}. Every other request for the path is refused. Other paths are left to the chain's rules.
 *
 * <p>In a Boot application a servlet filter has verified the callback before the chain sees it. Without Boot this filter verifies,
 * and the application does not start if another chain, or none, takes the callback path.
 *
 * <p>If the application uses Spring MVC, a controller's {@code Callback} argument is taken from the verified request only.
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
        GuardedEndpoints.requireSeparatePaths(endpoints);
        ServletContext servletContext = context instanceof WebApplicationContext web ? web.getServletContext() : null;
        for (CallbackEndpoint endpoint : endpoints) {
            if (servletContext != null) {
                CaptchaCallbackFilter.requirePathWithin(servletContext, endpoint.callbacks());
            }
            http.addFilterBefore(
                    new CaptchaCallbackAuthenticationFilter(
                            endpoint,
                            getSecurityContextHolderStrategy(),
                            CallbackAuthenticationEvents.of(context, endpoint)),
                    CsrfFilter.class);
        }
        if (context instanceof ConfigurableApplicationContext configurable) {
            configurable.addApplicationListener(new DslStartup(configurable, endpoints));
        }
    }

    private List<CallbackEndpoint> endpoints(ApplicationContext context) {
        GuardedEndpoints inFront =
                context.getBeanProvider(GuardedEndpoints.class).getIfAvailable();
        List<CallbackEndpoint> endpoints = new ArrayList<>();
        if (settings != null) {
            endpoints.add(CallbackEndpoint.of(build(settings, context)));
        } else if (callbacks != null) {
            endpoints.add(endpoint(callbacks, inFront));
        } else if (further.isEmpty() && inFront != null) {
            endpoints.addAll(inFront.all());
        } else if (further.isEmpty()) {
            CallbackEndpoint bean =
                    context.getBeanProvider(CallbackEndpoint.class).getIfAvailable();
            endpoints.add(bean == null ? CallbackEndpoint.of(uniqueCallbacks(context)) : bean);
        }
        for (CallbackEndpoint endpoint : further) {
            requireSameMode(endpoint, inFront);
            endpoints.add(endpoint);
        }
        return endpoints;
    }

    private static CallbackEndpoint endpoint(CaptchaCallbacks callbacks, @Nullable GuardedEndpoints inFront) {
        return Optional.ofNullable(inFront)
                .flatMap(guarded -> guarded.of(callbacks))
                .orElseGet(() -> CallbackEndpoint.of(callbacks));
    }

    /** The servlet filter in front decides whether a handler takes the callbacks, and does not see what only a chain is given. */
    private static void requireSameMode(CallbackEndpoint endpoint, @Nullable GuardedEndpoints inFront) {
        if (inFront != null
                && inFront.of(endpoint.callbacks())
                        .filter(other -> other.hasHandler() != endpoint.hasHandler())
                        .isPresent()) {
            throw new CallbackWiringException(
                    "The callbacks of " + endpoint.path()
                            + " have a handler in one place and none in the other: the servlet"
                            + " filter in front of Spring Security takes the endpoint from the beans, and this filter chain"
                            + " has one of its own",
                    "Make the CallbackEndpoint a bean, and give that one to captchaCallback()");
        }
    }

    private static CaptchaCallbacks build(Customizer<CaptchaCallbacksBuilder> settings, ApplicationContext context) {
        CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder();
        context.getBeanProvider(CallbackStore.class).ifAvailable(builder::store);
        context.getBeanProvider(InstantSource.class).ifUnique(builder::clock);
        context.getBeanProvider(CallbackEventListener.class).orderedStream().forEach(builder::listener);
        settings.customize(builder);
        return builder.build();
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
