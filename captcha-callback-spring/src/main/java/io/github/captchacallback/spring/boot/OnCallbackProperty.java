package io.github.captchacallback.spring.boot;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where any property of ours is set, also a mistyped one: that is then named, and not passed over. */
class OnCallbackProperty extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("captcha.callback.* property");
        return EnvironmentSettings.isAnySet(context.getEnvironment())
                ? ConditionOutcome.match(message.found("property").atAll())
                : ConditionOutcome.noMatch(message.didNotFind("property").atAll());
    }
}
