package io.github.captchacallback.spring.boot;

import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.CallbackWiringException;
import io.github.captchacallback.spring.GuardedEndpoints;
import jakarta.servlet.ServletContext;
import java.util.Arrays;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

/** Guards every endpoint by a servlet filter before all others, whatever the filter chains of Spring Security do. */
@Configuration(proxyBeanMethods = false)
class GuardByServletFilter {

    @Bean
    GuardedEndpoints captchaCallbackGuardedEndpoints(ConfigurableListableBeanFactory beans) {
        GuardedEndpoints endpoints = GuardedEndpoints.of(beans);
        String[] handlers = beans.getBeanNamesForType(CallbackHandler.class);
        if (handlers.length > 0 && endpoints.all().stream().noneMatch(CallbackEndpoint::hasHandler)) {
            throw new CallbackWiringException(
                    "No endpoint has the handler " + Arrays.toString(handlers) + ", which would never be called, since "
                            + endpoints + " are several or made by the application",
                    "Define a bean for the handler's endpoint, made by CallbackEndpoint.of(callbacks, handler), or mark one"
                            + " of the CaptchaCallbacks beans as @Primary");
        }
        return endpoints;
    }

    @Bean
    FilterRegistrationBean<GuardFilter> captchaCallbackFilterRegistration(
            GuardedEndpoints endpoints,
            ObjectProvider<VerdictObserver> observers,
            ObjectProvider<ServletContext> servletContext) {
        // The filter checks it again, but containers write what is thrown there to a log, and not into an exception.
        servletContext.ifAvailable(context -> endpoints
                .all()
                .forEach(endpoint -> CaptchaCallbackFilter.requirePathWithin(context, endpoint.callbacks())));
        VerdictObserver observer = observers.getIfAvailable(() -> endpoint -> (request, step) -> {});
        return new GuardRegistration(new GuardFilter(endpoints.all(), observer));
    }

    /** Starts the endpoints when all beans are made: a callback that was kept before may be due at once, and need them. */
    @Bean
    ApplicationListener<ContextRefreshedEvent> captchaCallbackEndpointStart(
            GuardedEndpoints endpoints, ApplicationContext context) {
        return event -> {
            if (event.getApplicationContext() == context) {
                endpoints.all().forEach(CallbackEndpoint::start);
            }
        };
    }

    @Bean
    StartupCheck captchaCallbackStartupCheck(
            ConfigurableListableBeanFactory beans,
            GuardedEndpoints endpoints,
            ObjectProvider<ServletContext> servletContext) {
        return new StartupCheck(beans, endpoints, servletContext);
    }
}
