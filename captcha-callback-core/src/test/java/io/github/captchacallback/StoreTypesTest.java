package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.SettingValues;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreProvider;
import io.github.captchacallback.store.StoreContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how {@code store.type} finds its provider, by providers that only a class loader of the test lists. */
class StoreTypesTest {

    @TempDir
    private Path services;

    private final MutableClock clock = new MutableClock(Wire.NOW);

    /** Opens stores in memory, whose capacity shows that they came from here. */
    public static final class OwnProvider implements CallbackStoreProvider {

        @Override
        public String type() {
            return "own";
        }

        @Override
        public CallbackStore open(StoreContext context) {
            assertThat(context.settings()).isEqualTo(Map.of("type", "own", "capacity", "3"));
            assertThat(context.toString()).doesNotContain("own");
            return new CaffeineCallbackStore(context.clock(), context.capacity() + 1_000);
        }
    }

    /** Has settings that cannot be used. */
    public static final class MisconfiguredProvider implements CallbackStoreProvider {

        @Override
        public String type() {
            return "misconfigured";
        }

        @Override
        public CallbackStore open(StoreContext context) {
            throw new IllegalArgumentException("the file /etc/own.conf is missing");
        }
    }

    /** Has a store that does not answer. */
    public static final class UnavailableProvider implements CallbackStoreProvider {

        @Override
        public String type() {
            return "unavailable";
        }

        @Override
        public CallbackStore open(StoreContext context) {
            throw new CallbackStoreException("own.example.com does not answer");
        }
    }

    /** Has a library that is missing. */
    public static final class IncompleteProvider implements CallbackStoreProvider {

        @Override
        public String type() {
            return "incomplete";
        }

        @Override
        public CallbackStore open(StoreContext context) {
            throw new NoClassDefFoundError("com/example/Driver");
        }
    }

    /**
     * Loads the providers of this test anew. A service file counts for classes of no named module only, and this test runs
     * within the core's.
     */
    private static final class OwnLoader extends URLClassLoader {

        OwnLoader(URL services, ClassLoader parent) {
            super(new URL[] {services}, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own = name.startsWith(StoreTypesTest.class.getName()) && name.endsWith("Provider");
            return own ? define(name) : super.loadClass(name, resolve);
        }

        private synchronized Class<?> define(String name) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in =
                    StoreTypesTest.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                byte[] bytes = Objects.requireNonNull(in).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private CaptchaCallbacks build(String type, String... providers) throws Exception {
        return withProviders(
                () -> Wire.builder(clock)
                        .set("store.type", type)
                        .set("store.capacity", "3")
                        .build(),
                providers);
    }

    private <T> T withProviders(Callable<T> action, String... providers) throws Exception {
        Path list = services.resolve("META-INF/services/" + CallbackStoreProvider.class.getName());
        Files.createDirectories(list.getParent());
        Files.writeString(list, String.join("\n", providers));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (OwnLoader loader = new OwnLoader(services.toUri().toURL(), before)) {
            thread.setContextClassLoader(loader);
            return action.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String name(Class<? extends CallbackStoreProvider> provider) {
        return provider.getName();
    }

    @Test
    void buildWhenTypeIsOfAProviderThenItsStoreIsUsed() throws Exception {
        try (CaptchaCallbacks callbacks = build("own", name(OwnProvider.class))) {
            assertThat(callbacks.store().occupancy())
                    .get()
                    .satisfies(occupancy -> assertThat(occupancy.capacity()).isEqualTo(1_003));
        }
    }

    @Test
    void buildWhenNoProviderHasTheTypeThenTypeAndWhatWasFoundAreNamed() {
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> build("mongo", name(OwnProvider.class), name(UnavailableProvider.class)))
                .withMessage(
                        "captcha.callback.store.type = 'mongo': there is no such store. Write one of caffeine, jdbc, own, redis,"
                                + " unavailable, add the jar whose CallbackStoreProvider has this type, or hand a CallbackStore of your own"
                                + " to the builder.");
    }

    @Test
    void buildWhenAProviderCannotBeLoadedThenOthersAreFoundAndItIsNamed() throws Exception {
        try (CaptchaCallbacks callbacks = build("own", "com.example.Missing", name(OwnProvider.class))) {
            assertThat(callbacks.store().occupancy()).isPresent();
        }
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> build("missing", "com.example.Missing", name(OwnProvider.class)))
                .withMessageContaining("com.example.Missing")
                .withMessageContaining("caffeine, jdbc, own, redis");
    }

    /** Who keeps references in memory must not notice what is wrong with another store. */
    @Test
    void buildWhenTypeIsCaffeineThenNoProviderIsAsked() throws Exception {
        try (CaptchaCallbacks callbacks = build("caffeine", "com.example.Missing", name(IncompleteProvider.class))) {
            assertThat(callbacks.store().occupancy())
                    .get()
                    .satisfies(occupancy -> assertThat(occupancy.capacity()).isEqualTo(3));
        }
    }

    @Test
    void buildWhenOwnStoreIsGivenThenNoProviderIsAsked() {
        CaffeineCallbackStore own = new CaffeineCallbackStore(clock, 5);
        try (CaptchaCallbacks callbacks =
                Wire.builder(clock).set("store.type", "mongo").store(own).build()) {
            assertThat(callbacks.store().occupancy()).isEqualTo(own.occupancy());
        }
    }

    @Test
    void buildWhenStoreCannotBeOpenedThenSaysWhatToDo() {
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> build("misconfigured", name(MisconfiguredProvider.class)))
                .withMessage("captcha.callback.store.type = 'misconfigured': the store could not be opened: the file"
                        + " /etc/own.conf is missing. Correct the settings of the store.");
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> build("incomplete", name(IncompleteProvider.class)))
                .withMessage("captcha.callback.store.type = 'incomplete': the store could not be opened:"
                        + " com/example/Driver. Add the library that this store needs.");
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> build("unavailable", name(UnavailableProvider.class)))
                .withMessage("own.example.com does not answer");
    }

    @Test
    void openThenProviderIsGivenTheSettingsOfTheStoreOnly() throws Exception {
        SettingValues values = SettingValues.of(
                Map.of("store.type", " own ", "store.capacity", "3", "path", "/x", "signature.enabled", "false"));
        CallbackStore store = withProviders(
                () -> StoreTypes.open(CallbackSettings.from(values).store(), false, values, clock),
                name(OwnProvider.class));
        assertThat(store.occupancy()).isPresent();
        store.close();
    }
}
