package io.github.captchacallback.spring.boot;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if references are remembered in a Redis that our own settings do not name. */
class OnRedisOfTheApplication extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("captcha.callback.store.type=redis");
        Map<String, String> settings = EnvironmentSettings.read(context.getEnvironment());
        if (!settings.getOrDefault("store.type", "").strip().equals("redis")) {
            return ConditionOutcome.noMatch(message.because("another store is configured"));
        }
        return settings.getOrDefault("store.redis.uri", "").isBlank()
                ? ConditionOutcome.match(message.foundExactly("no store.redis.uri"))
                : ConditionOutcome.noMatch(message.because("store.redis.uri is given"));
    }
}
