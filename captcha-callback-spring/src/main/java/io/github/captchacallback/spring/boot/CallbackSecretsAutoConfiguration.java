package io.github.captchacallback.spring.boot;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Keeps the signing keys out of Actuator's endpoints {@code env} and {@code configprops}, also where those are told to show
 * values. It does not ask for a web application: a node that only issues has the keys as well.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public class CallbackSecretsAutoConfiguration {

    /** Makes the configuration. */
    public CallbackSecretsAutoConfiguration() {}

    @Bean
    SanitizingFunction captchaCallbackSecretSanitizing(Environment environment) {
        CallbackSecrets secrets = CallbackSecrets.of(environment);
        return data -> secrets.isAmong(data.getKey(), data.getValue()) ? data.withSanitizedValue() : data;
    }
}
