package io.github.captchacallback.spring.boot;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches unless our health, or all health that is not asked for, is switched off: Boot's own condition has moved in Boot 4. */
class OnHealthProperty extends SpringBootCondition {

    private static final String OURS = "management.health.captchacallback.enabled";
    private static final String DEFAULTS = "management.health.defaults.enabled";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        boolean enabled =
                environment.getProperty(OURS, Boolean.class, environment.getProperty(DEFAULTS, Boolean.class, true));
        return new ConditionOutcome(
                enabled,
                ConditionMessage.forCondition(OURS).because(enabled ? "it is not switched off" : "it is switched off"));
    }
}
