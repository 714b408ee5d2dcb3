package io.github.captchacallback.spring.boot;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the store is in a database that the application has a data source for. */
class OnJdbcStore extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Map<String, String> settings = EnvironmentSettings.read(context.getEnvironment());
        boolean jdbc = "jdbc".equals(settings.getOrDefault("store.type", "").strip());
        boolean ownUrl = !settings.getOrDefault("store.jdbc.url", "").isBlank();
        return new ConditionOutcome(
                jdbc && !ownUrl,
                ConditionMessage.of("store.type is " + (jdbc ? "" : "not ") + "jdbc"
                        + (ownUrl ? ", and store.jdbc.url is set" : "")));
    }
}
