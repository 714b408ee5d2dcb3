package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {

    private final CaptchaCallbacks callbacks =
            Wire.builder(new MutableClock(Wire.NOW)).build();
    private final IssuedCallback issued = callbacks.issue();
    private final TestRequest request = Wire.callback(issued.url());
    private final Claim claim = assertAccepted(callbacks.verify(request)).claim();

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 404, 499})
    void answeredWhenBelow500ThenTheApplicationHasTheAnswer(int status) {
        assertThat(claim.answered(status)).isTrue();

        assertRefused(callbacks.verify(request), Refusal.ALREADY_PROCESSED);
        assertThat(claim.answered(status)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 599})
    void answeredWhenFrom500OnThenTheCallbackMayComeAgain(int status) {
        assertThat(claim.answered(status)).isTrue();

        assertAccepted(callbacks.verify(request));
        assertThat(claim.answered(status)).isFalse();
    }

    @Test
    void toStringThenNamesTheReference() {
        assertThat(claim).hasToString("Claim[" + issued.reference() + "]");
    }
}
