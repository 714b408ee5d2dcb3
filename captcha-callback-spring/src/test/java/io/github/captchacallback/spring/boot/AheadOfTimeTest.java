package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.spring.CaptchaCallbackListener;
import io.github.captchacallback.spring.TestApplication;
import io.github.captchacallback.store.CaffeineCallbackStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.util.ReflectionTestUtils;

/** Says what a native image is told of; no native compiler is at hand to prove the rest. */
class AheadOfTimeTest {

    static class Orders {

        @CaptchaCallbackListener
        void complete(Callback callback) {}
    }

    private static RuntimeHints registered() {
        RuntimeHints hints = new RuntimeHints();
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(CallbackRuntimeHints.class::isInstance)
                .forEach(registrar -> registrar.registerHints(hints, null));
        return hints;
    }

    /** Caffeine chooses classes by what a cache can do, and a new version may name them anew: the store itself is asked. */
    @Test
    void theClassesOfTheStoresCacheAreNamed() {
        CaffeineCallbackStore store = new CaffeineCallbackStore(InstantSource.system(), 10);
        store.expect("a-key", null, Duration.ofMinutes(5));
        Object cache = ReflectionTestUtils.getField(ReflectionTestUtils.getField(store, "cache"), "cache");
        Map<?, ?> nodes = (Map<?, ?>) ReflectionTestUtils.getField(cache, "data");
        List<Class<?>> loadedByName = new ArrayList<>(
                List.of(cache.getClass(), nodes.values().iterator().next().getClass()));
        assertThat(loadedByName)
                .allSatisfy(
                        type -> assertThat(RuntimeHintsPredicates.reflection().onType(type))
                                .accepts(registered()));
    }

    @Test
    void theApplicationIsProcessedAndItsListenersMethodCanBeInvoked() {
        AnnotationConfigServletWebApplicationContext context = new AnnotationConfigServletWebApplicationContext();
        context.setServletContext(new MockServletContext());
        for (String property : TestApplication.PROPERTIES) {
            int equals = property.indexOf('=');
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            property, Map.of(property.substring(0, equals), property.substring(equals + 1))));
        }
        context.register(Orders.class, CaptchaCallbackAutoConfiguration.class, CallbackSecretsAutoConfiguration.class);
        TestGenerationContext generation = new TestGenerationContext();

        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        generation.writeGeneratedContent();

        assertThat(generation.getGeneratedFiles().getGeneratedFiles(Kind.SOURCE).keySet())
                .anyMatch(file -> file.contains("CaptchaCallbackAutoConfiguration__BeanDefinitions"));
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethod(Orders.class, "complete")
                        .invoke())
                .accepts(generation.getRuntimeHints());
    }
}
