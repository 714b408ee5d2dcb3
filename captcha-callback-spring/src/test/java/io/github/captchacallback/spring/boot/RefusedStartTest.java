package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.spring.TestApplication;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Says which settings stop the start of a Boot application, and what its operator reads. */
@ExtendWith(OutputCaptureExtension.class)
class RefusedStartTest {

    private static final String KEY = "captcha.callback.signature.keys.k=a-secret-of-the-tests-that-nobody-prints";

    private final WebApplicationContextRunner configured = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CaptchaCallbackAutoConfiguration.class))
            .withPropertyValues("captcha.callback.public-url=https://your-server.com/captcha/callback");

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        new String[] {KEY, "captcha.callback.replay.duplicate=ok"},
                        "captcha.callback.replay.duplicate: there is no such setting. Did you mean"
                                + " captcha.callback.replay.duplicates? Correct or remove it."),
                Arguments.of(
                        new String[] {KEY, "captcha.callback.something.else-altogether=ok"},
                        "captcha.callback.something.else-altogether: there is no such setting. Remove it, or look the key"
                                + " up in docs/settings.md."),
                Arguments.of(
                        new String[] {},
                        "captcha.callback.signature.keys.<key-id>: there is no signing key. Give one, for example"
                                + " captcha.callback.signature.keys.2026-11=env:CAPTCHA_SECRET."),
                Arguments.of(
                        new String[] {"captcha.callback.signature.keys.k=too-short"},
                        "captcha.callback.signature.keys.k: the secret has 9 bytes, and 32 are the least. Give at least 32"
                                + " random bytes, for example base64: and what 'openssl rand -base64 32' prints."),
                Arguments.of(
                        new String[] {"captcha.callback.signature.keys.k=${CAPTCHA_SECRET_THAT_NOBODY_HAS_SET}"},
                        "captcha.callback.signature.keys.k: the secret looks like a placeholder that was not resolved; check"
                                + " that the name in it is spelled correctly and has a value. Give at least 32"),
                Arguments.of(
                        new String[] {KEY, "captcha.callback.signature.keys.K=another-secret-of-the-tests-of-32-bytes"},
                        "captcha.callback.signature.keys.k: there is also a key K, whose id differs only in case, '-' or '_'."
                                + " Rename one of the two, and use the same spelling in every place."),
                Arguments.of(
                        new String[] {KEY, "captcha.callback.source.allow=10.0.0.0/33"},
                        "captcha.callback.source.allow = '10.0.0.0/33': "),
                Arguments.of(
                        new String[] {KEY, "captcha.callback.source.allow=10.1.2.3/8"},
                        "captcha.callback.source.allow = '10.1.2.3/8': "),
                Arguments.of(
                        new String[] {KEY, "captcha.callback.signature.keys.j=another-secret-of-the-tests-of-32-bytes"},
                        "captcha.callback.signature.active-key: there are 2 keys, j and k, and none is active. Name the one"
                                + " that signs."),
                Arguments.of(
                        new String[] {
                            "captcha.callback.signature.enabled=false", "captcha.callback.pending.enabled=false"
                        },
                        "captcha.callback.signature.enabled = 'false': with 'pending.enabled' off as well nothing is left to"
                                + " tell a genuine callback by. Switch one of the two on."));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void startWhenASettingCannotBeUsedThenFailsAndNamesTheMend(String[] properties, String message) {
        configured
                .withPropertyValues(properties)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CallbackSettingsException.class)
                        .hasMessageStartingWith(message));
    }

    @Test
    void startWhenOnlyAMistypedKeyIsSetThenFailsInsteadOfGuardingNothing() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CaptchaCallbackAutoConfiguration.class))
                .withPropertyValues("captcha.callback.public-ulr=https://your-server.com/captcha/callback")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("Did you mean captcha.callback.public-url?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPTCHA_CALLBACK_SERVICE_HOST", "CAPTCHA_CALLBACK_PORT", "CAPTCHA_CALLBACK_SECRET"})
    void startWhenAnEnvironmentVariableOfOthersIsSetThenGoesOn(String variable) {
        configured
                .withPropertyValues(KEY)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        Map.of(variable, "tcp://10.0.0.1:443"))))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void startWhenASettingCannotBeUsedThenTheOperatorReadsAShortMessage(CapturedOutput output) {
        assertThatThrownBy(() -> TestApplication.start(Application.class, "captcha.callback.source.alow=10.0.0.0/8"))
                .hasRootCauseInstanceOf(CallbackSettingsException.class);

        assertThat(output).contains("""
                ***************************
                APPLICATION FAILED TO START
                ***************************

                Description:

                captcha.callback.source.alow: there is no such setting.

                Action:

                Did you mean captcha.callback.source.allow? Correct or remove it.
                """);
        assertThat(output).doesNotContain("\tat ").doesNotContain(TestApplication.SECRET);
    }

    @Test
    void startWhenASecretIsTooShortThenTheOperatorReadsItsKeyAndNeverItself(CapturedOutput output) {
        assertThatThrownBy(() ->
                        TestApplication.start(Application.class, "captcha.callback.signature.keys.test=correct-horse"))
                .hasRootCauseInstanceOf(CallbackSettingsException.class);

        assertThat(output)
                .contains("captcha.callback.signature.keys.test: the secret has 13 bytes, and 32 are the least.")
                .doesNotContain("\tat ")
                .doesNotContain("correct-horse");
    }

    @Test
    void startWhenTheCallbackPathLiesOutsideTheContextPathThenTheOperatorReadsAShortMessage(CapturedOutput output) {
        assertThatThrownBy(() -> TestApplication.start(Application.class, "server.servlet.context-path=/shop"))
                .hasRootCauseInstanceOf(CallbackSettingsException.class);

        assertThat(output)
                .contains("/captcha/callback': no request of this webapp arrives there, since its"
                        + " context path is /shop.")
                .contains("captcha.callback.public-url = 'http", "Put the context path into it or,")
                .doesNotContain("\tat ");
    }
}
