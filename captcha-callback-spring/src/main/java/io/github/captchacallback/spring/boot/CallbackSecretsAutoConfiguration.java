package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Hides the signing keys in Actuator's endpoints {@code env} and {@code configprops}, also if these are configured to show values. It
 * does not require a web application: a node that only issues URLs has the keys as well.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public class CallbackSecretsAutoConfiguration {

    /** Makes the configuration. */
    public CallbackSecretsAutoConfiguration() {}

    @Bean
    SanitizingFunction captchaCallbackSecretSanitizing(
            Environment environment, ObjectProvider<CaptchaCallbacks> callbacks) {
        CallbackSecrets secrets = CallbackSecrets.of(
                environment,
                System::getenv,
                () -> callbacks.stream().flatMap(each -> each.settings().signature().keys().values().stream()));
        return data -> secrets.isAmong(data.getKey(), data.getValue()) ? data.withSanitizedValue() : data;
    }
}
