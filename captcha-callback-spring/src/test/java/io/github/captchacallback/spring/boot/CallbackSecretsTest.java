package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.spring.TestApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;

/** Tests which properties Actuator does not show because a signing key is in them. */
class CallbackSecretsTest {

    private static Object shown(ApplicationContext context, String key, Object value) {
        return context.getBean(SanitizingFunction.class)
                .apply(new SanitizableData(new MapPropertySource("test", Map.of()), key, value))
                .getValue();
    }

    @Test
    void sanitizingThenSecretsAreHiddenByKeyByVariableAndByText() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CallbackSecretsAutoConfiguration.class))
                .withPropertyValues(
                        "shop.secret=" + TestApplication.SECRET,
                        "captcha.callback.signature.keys.old=env:OLD_SECRET",
                        "captcha.callback.signature.keys.new=${shop.secret}",
                        "captcha.callback.signature.keys.file=file:/run/secrets/captcha")
                .run(context -> {
                    assertThat(shown(context, "captcha.callback.signature.keys.new", "x"))
                            .isEqualTo("******");
                    assertThat(shown(context, "captcha.callback.signature.keys[Prod_1]", "x"))
                            .isEqualTo("******");
                    assertThat(shown(context, "CAPTCHA_CALLBACK_SIGNATURE_KEYS_NEW", "x"))
                            .isEqualTo("******");
                    assertThat(shown(context, "captcha.callback.signature.keys", Map.of("new", "x")))
                            .isEqualTo("******");
                    assertThat(shown(context, "OLD_SECRET", "x")).isEqualTo("******");
                    assertThat(shown(context, "shop.secret", TestApplication.SECRET))
                            .isEqualTo("******");
                    assertThat(shown(context, "JAVA_OPTS", "-Dshop.secret=" + TestApplication.SECRET))
                            .isEqualTo("******");

                    assertThat(shown(context, "captcha.callback.signature.active-key", "new"))
                            .isEqualTo("new");
                    assertThat(shown(context, "captcha.callback.public-url", "https://a.example/cb"))
                            .isEqualTo("https://a.example/cb");
                    assertThat(shown(context, "server.port", 8080)).isEqualTo(8080);
                });
    }

    private static final byte[] BINARY =
            HexFormat.of().parseHex("fbff3e00102030405060708090a0b0c0d0e0f0ff00112233445566778899aabb");

    private static Stream<String> spellings() {
        String base64 = Base64.getEncoder().encodeToString(BINARY);
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(BINARY);
        String hex = HexFormat.of().formatHex(BINARY);
        return Stream.of(
                        base64,
                        "base64:" + base64,
                        url,
                        "base64:" + url,
                        hex,
                        "hex:" + hex,
                        hex.toUpperCase(Locale.ROOT))
                .flatMap(text -> Stream.of(text, "--secret=" + text + " --port=1"));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void sanitizingWhenAPropertyHasTheValueOfAVariableOrOfAFileThenItIsHiddenUnderAnyName(
            String shown, @TempDir Path directory) throws IOException {
        String secret = "base64:" + Base64.getEncoder().encodeToString(BINARY);
        Path file = Files.writeString(directory.resolve("captcha"), secret + "\n");
        MockEnvironment inVariable =
                new MockEnvironment().withProperty("captcha.callback.signature.keys.k", "env:CAPTCHA_SECRET");
        MockEnvironment inFile =
                new MockEnvironment().withProperty("captcha.callback.signature.keys.k", "file:" + file);

        for (MockEnvironment environment : List.of(inVariable, inFile)) {
            CallbackSecrets secrets =
                    CallbackSecrets.of(environment, Map.of("CAPTCHA_SECRET", secret)::get, Stream::empty);

            assertThat(secrets.isAmong("shop.any-name", shown)).isTrue();
            assertThat(secrets.isAmong("shop.any-name", shown.substring(0, 20))).isFalse();
            assertThat(secrets.toString()).doesNotContain(secret.substring(7, 20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPTCHA_SECRET", "captcha.secret", "captcha-secret", "captchaSecret"})
    void sanitizingThenAVariableIsHiddenUnderItsRelaxedNames(String name) {
        CallbackSecrets secrets = CallbackSecrets.of(
                new MockEnvironment().withProperty("captcha.callback.signature.keys.k", "env:CAPTCHA_SECRET"),
                variable -> null,
                Stream::empty);

        assertThat(secrets.isAmong(name, "x")).isTrue();
        assertThat(secrets.isAmong(name + "x", "x")).isFalse();
    }

    @Test
    void sanitizingWhenManyPropertiesAreShownThenVariablesFilesAndBeansAreReadOnce() {
        AtomicInteger reads = new AtomicInteger();
        CallbackSecrets secrets = CallbackSecrets.of(
                new MockEnvironment().withProperty("captcha.callback.signature.keys.k", "env:CAPTCHA_SECRET"),
                variable -> {
                    reads.incrementAndGet();
                    return TestApplication.SECRET;
                },
                () -> {
                    reads.incrementAndGet();
                    return Stream.empty();
                });

        for (int i = 0; i < 100; i++) {
            assertThat(secrets.isAmong("shop.name" + i, TestApplication.SECRET)).isTrue();
            assertThat(secrets.isAmong("shop.name" + i, "x")).isFalse();
        }

        assertThat(reads).hasValue(2);
    }

    @Test
    void sanitizingWhenTheApplicationMakesItsOwnCallbacksThenTheirSecretsAreHidden() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CallbackSecretsAutoConfiguration.class))
                .withBean(
                        CaptchaCallbacks.class,
                        () -> CaptchaCallbacks.builder()
                                .publicUrl("https://your-server.com/captcha/callback")
                                .signingKey("k", TestApplication.SECRET)
                                .build())
                .run(context -> {
                    assertThat(shown(context, "shop.secret", TestApplication.SECRET))
                            .isEqualTo("******");
                    assertThat(shown(context, "server.port", "8080")).isEqualTo("8080");
                });
    }

    @Test
    void sanitizingWhenASecretCannotBeUsedThenItsTextIsHiddenAllTheSame() {
        CallbackSecrets secrets = CallbackSecrets.of(
                new MockEnvironment().withProperty("captcha.callback.signature.keys.k", "correct-horse"),
                variable -> null,
                Stream::empty);

        assertThat(secrets.isAmong("shop.secret", "correct-horse")).isTrue();
    }

    @Test
    void sanitizingWhenNothingOfOursIsSetThenEverythingIsShown() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CallbackSecretsAutoConfiguration.class))
                .run(context ->
                        assertThat(shown(context, "server.port", "8080")).isEqualTo("8080"));
    }
}
