package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Import;

/** Shows callbacks to operations, as far as Micrometer and Actuator are there: meters, observations, health, an endpoint. */
@AutoConfiguration(
        after = CaptchaCallbackAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnBean(CaptchaCallbacks.class)
@Import({Meters.class, Observations.class, HealthInBoot3.class, HealthInBoot4.class, ActuatorEndpoint.class})
public class CaptchaCallbackActuatorAutoConfiguration {

    /** Makes the configuration. */
    public CaptchaCallbackActuatorAutoConfiguration() {}
}
