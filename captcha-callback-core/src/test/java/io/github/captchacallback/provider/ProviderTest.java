package io.github.captchacallback.provider;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.MutableClock;
import io.github.captchacallback.TestRequest;
import io.github.captchacallback.Wire;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.settings.CallbackSettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what each service's callbacks mean. */
class ProviderTest {

    private final MutableClock clock = new MutableClock(Wire.NOW);

    private CaptchaCallbacks callbacks(Provider provider) {
        return Wire.builder(clock).set("provider", provider.id()).build();
    }

    private Callback accepted(Provider provider, String parameters) {
        CaptchaCallbacks callbacks = callbacks(provider);
        return assertAccepted(callbacks.verify(TestRequest.get(callbacks.issue().url() + parameters)))
                .callback();
    }

    private void assertMalformed(Provider provider, String parameters) {
        CaptchaCallbacks callbacks = callbacks(provider);
        assertRefused(callbacks.verify(TestRequest.get(callbacks.issue().url() + parameters)), Refusal.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"CAPTCHAAI", "TWO_CAPTCHA", "RUCAPTCHA", "SOLVECAPTCHA"})
    void verifyWhenTheServiceSendsIdAndCodeThenSolvedOrFailedByTheCode(Provider provider) {
        Callback solved = accepted(provider, "&id=1&code=03AGdBq24");
        assertThat(solved.solution()).isEqualTo("03AGdBq24");
        assertThat(solved.error()).isEmpty();
        Callback failed = accepted(provider, "&id=1&code=ERROR%3A+1005");
        assertThat(failed.error()).contains("ERROR: 1005");
        assertThatIllegalStateException()
                .isThrownBy(failed::solution)
                .withMessage("Task 1 has no solution: failure ERROR: 1005");
        assertMalformed(provider, "&id=1");
        assertMalformed(provider, "&id=1&code=");
        assertMalformed(provider, "&captcha_id=1&code=a");
    }

    @Test
    void verifyWhenUcaptchaSendsStatus1ThenSolvedWhateverTheTextOfTheSolution() {
        Callback solved = accepted(Provider.UCAPTCHA, "&captcha_id=1&status=1&code=ERROR_IN_THE_PICTURE");
        assertThat(solved.taskId()).isEqualTo("1");
        assertThat(solved.solution()).isEqualTo("ERROR_IN_THE_PICTURE");
    }

    @ParameterizedTest
    @CsvSource({
        "&captcha_id=1&status=0, status=0",
        "&captcha_id=1&status=0&code=, status=0",
        "&captcha_id=1&status=0&code=ERROR_CAPTCHA_UNSOLVABLE, ERROR_CAPTCHA_UNSOLVABLE",
        "&captcha_id=1&status=0&code=%0d%0aforged, status=0"
    })
    void verifyWhenUcaptchaSendsStatus0ThenFailedWithOrWithoutACode(String parameters, String error) {
        assertThat(accepted(Provider.UCAPTCHA, parameters).error()).contains(error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&captcha_id=1&code=a",
                "&captcha_id=1&status=1",
                "&captcha_id=1&status=1&code=",
                "&captcha_id=1&status=2&code=a",
                "&captcha_id=1&status=&code=a",
                "&captcha_id=1&status=0&status=1&code=a",
                "&captcha_id=1&status=1&status%5B%5D=0&code=a",
                "&id=1&status=1&code=a"
            })
    void verifyWhenUcaptchaSendsAnythingElseThenMalformed(String parameters) {
        assertMalformed(Provider.UCAPTCHA, parameters);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void writeThenReadAgain(Provider provider) {
        CaptchaCallbacks callbacks = callbacks(provider);
        for (TaskResult result :
                new TaskResult[] {new TaskResult.Solution("a+b &c"), new TaskResult.Failure("ERROR_CAPTCHA_UNSOLVABLE")
                }) {
            TestRequest request = TestRequest.post(callbacks.issue().url());
            callbacks.settings().format().write("4711", result).forEach(request::form);
            Callback callback = assertAccepted(callbacks.verify(request)).callback();
            assertThat(callback.taskId()).isEqualTo("4711");
            assertThat(callback.solved()).isEqualTo(result instanceof TaskResult.Solution);
        }
    }

    @Test
    void buildWhenAParameterHasANameThatTheProviderAlsoSendsThenRefused() {
        assertThatThrownBy(() -> Wire.builder(clock)
                        .set("provider", "ucaptcha")
                        .set("parameters.code", "status")
                        .build())
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageContaining("parameters.code");
    }

    @Test
    void buildWhenTheProviderIsUnknownThenRefusedWithTheChoices() {
        assertThatThrownBy(() -> Wire.builder(clock).set("provider", "3captcha").build())
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageContaining("3captcha")
                .hasMessageContaining("captchaai or 2captcha or rucaptcha or solvecaptcha or ucaptcha");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ERROR\r\nforged", "ERROR_\u00FC"})
    void newFailureWhenItsCodeCannotBeLoggedThenThrows(String code) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TaskResult.Failure(code));
    }

    @Test
    void toStringThenASolutionIsNotShown() {
        assertThat(new TaskResult.Solution("secret")).hasToString("solution of 6 characters");
        assertThat(new TaskResult.Failure("IP_BANNED")).hasToString("failure IP_BANNED");
    }
}
