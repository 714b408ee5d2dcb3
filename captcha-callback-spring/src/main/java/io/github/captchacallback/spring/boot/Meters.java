package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.spring.metrics.CallbackMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Counts the auto-configured endpoint's verdicts, and shows how full the stores of all endpoints are. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
class Meters {

    @Bean
    @ConditionalOnMissingBean
    CallbackMeters captchaCallbackMeters(MeterRegistry registry, Environment environment) {
        return new CallbackMeters(
                registry,
                CaptchaCallbackAutoConfiguration.CALLBACKS,
                EnvironmentSettings.keyIds(environment).toArray(String[]::new));
    }

    @Bean
    MeterBinder captchaCallbackStoreMeters(Map<String, CaptchaCallbacks> endpoints) {
        return registry -> endpoints.forEach((name, callbacks) -> CallbackMeters.bindStore(registry, name, callbacks));
    }
}
