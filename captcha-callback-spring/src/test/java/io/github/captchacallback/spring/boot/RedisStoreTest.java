package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.redis.RedisCallbackStore;
import io.github.captchacallback.store.redis.RedisServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests which Redis a Boot application gets. The server is the one of this machine, or what is here is skipped. */
@Tag("thorough")
class RedisStoreTest {

    private static final String PASSWORD = "pass-word-of-the-user";

    private static RedisServer server;

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "captcha.callback.public-url=https://your-server.com/captcha/callback",
                    "captcha.callback.signature.keys.test=a-secret-of-the-tests-that-nobody-prints",
                    "captcha.callback.store.type=redis");

    @BeforeAll
    static void start() throws IOException {
        server = RedisServer.start("--requirepass", PASSWORD);
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        CallbackStore own() {
            return new CaffeineCallbackStore(java.time.InstantSource.system(), 10);
        }
    }

    @Test
    void contextWhenRedisOfTheApplicationIsConfiguredThenStoreIsThere() {
        runner.withPropertyValues(
                        "spring.data.redis.port=" + server.port(),
                        "spring.data.redis.host=127.0.0.1",
                        "spring.data.redis.password=" + PASSWORD,
                        "captcha.callback.store.redis.key-prefix=of-boot:")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(RedisCallbackStore.class);
                    RedisCallbackStore store = context.getBean(RedisCallbackStore.class);
                    assertThat(store.toString()).isEqualTo("RedisCallbackStore[127.0.0.1:" + server.port() + "]");
                    String reference =
                            context.getBean(CaptchaCallbacks.class).issue().reference();
                    assertThat(store.find(reference)).isPresent();
                });
    }

    @Test
    void contextWhenUrlOfTheApplicationIsConfiguredThenStoreIsThere() {
        runner.withPropertyValues("spring.data.redis.url=redis://:" + PASSWORD + "@127.0.0.1:" + server.port())
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RedisCallbackStore.class));
    }

    @Test
    void contextWhenUriIsGivenThenItWins() {
        runner.withPropertyValues(
                        "spring.data.redis.port=1",
                        "captcha.callback.store.redis.uri=redis://:" + PASSWORD + "@127.0.0.1:" + server.port())
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(CallbackStore.class);
                    CaptchaCallbacks callbacks = context.getBean(CaptchaCallbacks.class);
                    assertThat(callbacks.toString()).doesNotContain(PASSWORD);
                    assertThat(callbacks.settings().toString()).doesNotContain(PASSWORD);
                    assertThat(callbacks.settings().policy().toString())
                            .contains("redis://***@127.0.0.1:")
                            .doesNotContain(PASSWORD);
                    assertThat(callbacks.issue().reference()).isNotEmpty();
                });
    }

    @Test
    void healthWhenRedisEvictsKeysThenUpWithAWarning() {
        server.ask(PASSWORD, redis -> redis.configSet("maxmemory-policy", "allkeys-lru"));
        try {
            runner.withPropertyValues(
                            "captcha.callback.store.redis.uri=redis://:" + PASSWORD + "@127.0.0.1:" + server.port())
                    .run(context -> {
                        StoreHealth health =
                                StoreHealth.of(Map.of("captchaCallbacks", context.getBean(CaptchaCallbacks.class)));
                        assertThat(health.status()).isEqualTo(StoreHealth.Status.UP);
                        assertThat(health.details().toString()).contains("maxmemory-policy is allkeys-lru");
                    });
        } finally {
            server.ask(PASSWORD, redis -> redis.configSet("maxmemory-policy", "noeviction"));
        }
    }

    @Test
    void contextWhenApplicationHasAStoreThenItWins() {
        runner.withUserConfiguration(OwnStore.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .getBean(CallbackStore.class)
                        .isInstanceOf(CaffeineCallbackStore.class));
    }

    @Test
    void contextWhenRedisIsUnreachableThenStartStopsInTime() {
        runner.withPropertyValues("spring.data.redis.port=1", "captcha.callback.store.timeout=500ms")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isNotNull()
                        .satisfies(cause -> assertThat(context.getStartupFailure())
                                .hasStackTraceContaining("Redis at localhost:1 could not be reached")));
    }

    @Test
    void contextWhenSpringDataRedisIsMissingThenUriIsAskedFor() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
                .run(context ->
                        assertThat(context.getStartupFailure()).hasStackTraceContaining("store.redis.uri is not set"));
    }
}
