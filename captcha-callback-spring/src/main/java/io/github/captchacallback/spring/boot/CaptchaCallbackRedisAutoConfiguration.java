package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.redis.RedisCallbackStore;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Opens the store of {@code store.type=redis} where the application's own Redis is: by the settings of its connection factory,
 * which come from {@code spring.data.redis.*}. It has connections of its own, since those of an application may wait for 60 s. A
 * given {@code store.redis.uri} is used instead.
 */
@AutoConfiguration(
        before = CaptchaCallbackAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
        })
@ConditionalOnClass(
        name = {
            "io.lettuce.core.RedisClient",
            "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory"
        })
@Conditional(OnRedisOfTheApplication.class)
@ConditionalOnSingleCandidate(LettuceConnectionFactory.class)
@ConditionalOnMissingBean(CallbackStore.class)
public class CaptchaCallbackRedisAutoConfiguration {

    /** Makes the configuration. */
    public CaptchaCallbackRedisAutoConfiguration() {}

    @Bean
    RedisCallbackStore captchaCallbackRedisStore(LettuceConnectionFactory connections, Environment environment) {
        CallbackSettings settings = CallbackSettings.from(EnvironmentSettings.read(environment));
        return new RedisOfTheApplication(connections)
                .store()
                .keyPrefix(settings.store().redis().keyPrefix())
                .timeout(settings.store().timeout())
                .unseenAllowed(!settings.pending().enabled())
                .open();
    }
}
