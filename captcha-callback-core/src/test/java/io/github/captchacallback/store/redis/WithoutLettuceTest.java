package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.captchacallback.store.CallbackStoreProvider;
import io.github.captchacallback.store.StoreContext;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loads the provider where Lettuce is missing, as in every application that does not use it. */
class WithoutLettuceTest {

    private static final String PACKAGE = RedisStoreProvider.class.getPackageName() + ".";

    /** Loads the classes of the Redis store anew, and no class of Lettuce. */
    private static final class Loader extends URLClassLoader {

        Loader(URL classes) {
            super(new URL[] {classes}, WithoutLettuceTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.lettuce.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Test
    void openWhenLettuceIsMissingThenProviderLoadsAndSaysWhatToAdd() throws Exception {
        URL classes =
                RedisStoreProvider.class.getProtectionDomain().getCodeSource().getLocation();
        try (Loader loader = new Loader(classes)) {
            CallbackStoreProvider provider =
                    (CallbackStoreProvider) loader.loadClass(RedisStoreProvider.class.getName())
                            .getConstructor()
                            .newInstance();
            assertThat(provider.type()).isEqualTo("redis");
            StoreContext context = new StoreContext(
                    1,
                    Duration.ofSeconds(1),
                    false,
                    InstantSource.system(),
                    Map.of("redis.uri", "redis://localhost:6379"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> provider.open(context))
                    .withMessageContaining("io.lettuce:lettuce-core is missing");
        }
    }
}
