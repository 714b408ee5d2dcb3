package io.github.captchacallback.spring.boot;

import io.github.captchacallback.spring.metrics.CallbackObservation;
import io.github.captchacallback.spring.metrics.CallbackObservationFilter;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Observes the handling of callbacks, in the background and at the application's own endpoint. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
class Observations {

    /** Behind every filter that verifies, and before what is likely to want its scope. */
    private static final int ORDER = Ordered.LOWEST_PRECEDENCE - 100;

    @Bean
    HandlerDecorator captchaCallbackHandlerObservation(ObservationRegistry registry) {
        return handler -> CallbackObservation.around(handler, registry);
    }

    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnMissingBean(name = "captchaCallbackObservationFilterRegistration")
    FilterRegistrationBean<Filter> captchaCallbackObservationFilterRegistration(ObservationRegistry registry) {
        FilterRegistrationBean<Filter> registration =
                new FilterRegistrationBean<>(new CallbackObservationFilter(registry));
        registration.setName("captchaCallbackObservationFilter");
        registration.setOrder(ORDER);
        return registration;
    }
}
