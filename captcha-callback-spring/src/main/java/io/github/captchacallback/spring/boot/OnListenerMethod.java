package io.github.captchacallback.spring.boot;

import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where a bean has a method with {@code @CaptchaCallbackListener}; it looks when all of the application's are known. */
class OnListenerMethod extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        boolean found = !ListenerMethods.in(Objects.requireNonNull(context.getBeanFactory()))
                .isEmpty();
        return new ConditionOutcome(
                found,
                ConditionMessage.forCondition("@CaptchaCallbackListener").because(found ? "found" : "not found"));
    }
}
