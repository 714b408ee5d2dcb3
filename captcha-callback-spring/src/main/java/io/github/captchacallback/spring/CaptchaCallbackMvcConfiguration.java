package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Lets controllers of Spring MVC receive verified callbacks only. Boot applications have it; others write
 * {@code @Import(CaptchaCallbackMvcConfiguration.class)} beside {@code @EnableWebMvc}.
 *
 * <ul>
 *   <li>A {@link Callback} argument, or an {@code Optional} of it, is taken from the verified request, and never from request
 *       parameters. Without a verified callback the request is refused, or the {@code Optional} is empty.
 *   <li>A request that Spring MVC maps to the callback path without a verified callback is refused, whatever its spelling.
 *   <li>The application does not start if a method that takes a {@code Callback} is mapped to another path than the guarded one, or
 *       to a path whose callbacks a handler takes.
 * </ul>
 */
@Configuration(proxyBeanMethods = false)
public class CaptchaCallbackMvcConfiguration {

    /** Makes the configuration. */
    public CaptchaCallbackMvcConfiguration() {}

    @Bean
    static BeanPostProcessor captchaCallbackArguments() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof RequestMappingHandlerAdapter adapter) {
                    CallbackArgumentResolver.putFirst(adapter);
                }
                return bean;
            }
        };
    }

    @Bean
    CallbackMappingGuard captchaCallbackMappingGuard(ApplicationContext context) {
        return new CallbackMappingGuard(context);
    }

    /** Every mapping of Spring MVC takes it, before the interceptors of the application. */
    @Bean
    MappedInterceptor captchaCallbackMappedInterceptor(CallbackMappingGuard guard) {
        return new MappedInterceptor(null, guard);
    }
}
