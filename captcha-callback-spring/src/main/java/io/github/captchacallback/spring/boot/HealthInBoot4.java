package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Reports the stores' health by the types of Boot 4. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HealthIndicator.class)
@Conditional(OnHealthProperty.class)
class HealthInBoot4 {

    @Bean
    @ConditionalOnMissingBean(name = "captchaCallbackHealthIndicator")
    HealthIndicator captchaCallbackHealthIndicator(Map<String, CaptchaCallbacks> endpoints) {
        return () -> {
            StoreHealth stores = StoreHealth.of(endpoints);
            Health.Builder health =
                    switch (stores.status()) {
                        case UP -> Health.up();
                        case FULL -> Health.outOfService();
                        case UNREACHABLE -> Health.down();
                    };
            return health.withDetails(stores.details()).build();
        };
    }
}
