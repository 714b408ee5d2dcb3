package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.SettingValues;
import io.github.captchacallback.store.CallbackStoreProvider;
import java.io.ByteArrayInputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what {@code docs/stores.md} tells the author of a store to do. */
class StoreGuideTest {

    private static final Snippets GUIDE = Snippets.of("docs/stores.md");

    /** What the guide leaves to its reader. */
    private static final Map<String, String> OF_THE_READER = Map.of("AcmeStore.java", """
            package com.acme;

            import io.github.captchacallback.store.*;
            import java.time.Duration;
            import java.time.InstantSource;

            class AcmeStore implements CallbackStore {
                private final CallbackStore store;
                AcmeStore(String address, long capacity) {
                    store = new CaffeineCallbackStore(InstantSource.system(), capacity);
                }
                public void expect(String key, String taskId, Duration keep) { store.expect(key, taskId, keep); }
                public Binding bind(String key, String taskId) { return store.bind(key, taskId); }
                public ClaimOutcome claim(ClaimRequest request) { return store.claim(request); }
                public ClaimOutcome claimUnseen(ClaimRequest request) { return store.claimUnseen(request); }
                public boolean settle(String key, long lease) { return store.settle(key, lease); }
                public boolean release(String key, long lease) { return store.release(key, lease); }
                public Renewal renew(String key, long lease, Duration leaseFor) { return store.renew(key, lease, leaseFor); }
                public boolean abandon(String key) { return store.abandon(key); }
                public void close() { store.close(); }
            }
            """, "AcmeServer.java", """
            package com.acme;

            interface AcmeServer {
                static AcmeServer start() { return null; }
                String address();
                void moveTimesOfAllEntriesBackBy(java.time.Duration duration);
                void stop();
            }
            """);

    @TempDir
    private Path classes;

    @Test
    void everyBlockIsTested() {
        assertThat(GUIDE.names()).hasSize((int) GUIDE.blocks());
    }

    @Test
    void theContractsAreExtendedFromAnotherPackage() {
        compile("AcmeStoreTest.java");
    }

    private void compile(String... names) {
        GUIDE.compile(classes, OF_THE_READER, names);
    }

    private static CaptchaCallbacks build() {
        String setting = GUIDE.get("setting");
        return CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", "base64:+/8+ABAgMEBQYHCAkKCwwNDg8P8AESIzRFVmd4iZqrs=")
                .settings(SettingValues.ofStream(
                        "the guide", new ByteArrayInputStream(setting.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Test
    void theProviderIsFoundByItsType() throws Exception {
        compile("AcmeStoreProvider.java");
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(CallbackStoreProvider.class.getName()), GUIDE.get("service-file"));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            assertThatExceptionOfType(CallbackSettingsException.class)
                    .isThrownBy(StoreGuideTest::build)
                    .withMessageContaining("acme.address");
            System.setProperty("acme.address", "127.0.0.1");
            try (CaptchaCallbacks callbacks = build()) {
                assertThat(callbacks.issue().url()).startsWith("https://your-server.com/");
                assertThat(callbacks.toString()).contains("store AcmeStore");
            }
        } finally {
            System.clearProperty("acme.address");
            thread.setContextClassLoader(before);
        }
    }
}
