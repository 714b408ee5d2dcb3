package io.github.captchacallback.spring.boot;

import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Guards the callback path in an application without Spring Security. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(type = "org.springframework.security.config.annotation.web.builders.HttpSecurity")
class GuardByServletFilter {

    @Bean
    @ConditionalOnMissingBean(name = "captchaCallbackFilterRegistration")
    FilterRegistrationBean<CaptchaCallbackFilter> captchaCallbackFilterRegistration(
            CallbackEndpoint endpoint, ObjectProvider<ServletContext> servletContext) {
        // The filter checks it again: but what is thrown there, containers put into a log, and not into an exception.
        servletContext.ifAvailable(context -> CaptchaCallbackFilter.requirePathWithin(context, endpoint.callbacks()));
        FilterRegistrationBean<CaptchaCallbackFilter> registration =
                new FilterRegistrationBean<>(new CaptchaCallbackFilter(endpoint));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setAsyncSupported(true);
        return registration;
    }
}
