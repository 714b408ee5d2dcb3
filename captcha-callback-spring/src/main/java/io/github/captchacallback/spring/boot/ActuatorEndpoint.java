package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes Actuator's endpoint where it is exposed, with the counts that it shows. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
class ActuatorEndpoint {

    /** Stands for itself, since its condition is a class of Actuator's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(endpoint = CallbackActuatorEndpoint.class)
    static class WhereExposed {

        @Bean
        VerdictCounts captchaCallbackVerdictCounts() {
            return new VerdictCounts();
        }

        @Bean
        @ConditionalOnMissingBean
        CallbackActuatorEndpoint captchaCallbackActuatorEndpoint(
                Map<String, CaptchaCallbacks> endpoints, VerdictCounts verdicts) {
            return new CallbackActuatorEndpoint(endpoints, verdicts);
        }
    }
}
