package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {

    private final RecordingListener listener = new RecordingListener();
    private final CaptchaCallbacks callbacks =
            Wire.builder(new MutableClock(Wire.NOW)).listener(listener).build();
    private final IssuedCallback issued = callbacks.issue();
    private final TestRequest request = Wire.callback(issued.url());
    private final Claim claim = assertAccepted(callbacks.verify(request)).claim();

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299, 400, 409, 410, 422, 499})
    void answeredWhenTheApplicationHasDecidedThenSettled(int status) {
        assertThat(claim.answered(status)).isTrue();

        assertRefused(callbacks.verify(request), Refusal.ALREADY_PROCESSED);
        assertThat(claim.answered(status)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 301, 302, 304, 307, 401, 403, 404, 405, 408, 413, 425, 429, 500, 503, 599})
    void answeredWhenTheApplicationHasNotTakenTheCallbackThenReleasedAndTheFixIsNamed(int status) {
        assertThat(claim.answered(status)).isTrue();

        assertThat(listener.events(CallbackEvent.Released.class))
                .singleElement()
                .satisfies(released -> {
                    assertThat(released.reference()).isEqualTo(issued.reference());
                    assertThat(released.reason())
                            .contains("answered " + status + "; ")
                            .doesNotEndWith("; ");
                });
        assertAccepted(callbacks.verify(request));
        assertThat(claim.answered(status)).isFalse();
    }

    @Test
    void failedThenReleasedAndOnlyTheClassIsTold() {
        assertThat(claim.failed(new IllegalStateException("an answer"))).isTrue();

        assertThat(listener.events(CallbackEvent.Released.class))
                .extracting(CallbackEvent.Released::reason)
                .containsExactly("the endpoint threw java.lang.IllegalStateException");
        assertAccepted(callbacks.verify(request));
    }

    @Test
    void toStringThenNamesTheReference() {
        assertThat(claim).hasToString("Claim[" + issued.reference() + "]");
    }
}
