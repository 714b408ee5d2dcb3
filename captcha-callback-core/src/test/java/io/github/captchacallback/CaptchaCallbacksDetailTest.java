package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a refusal says to the operator what it is about, and nothing that an outsider wrote. */
class CaptchaCallbacksDetailTest {

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();
    private final CaptchaCallbacks callbacks =
            Wire.builder(clock).listener(listener).build();

    private String detail(TestRequest request, Refusal refusal) {
        return detail(callbacks, request, refusal);
    }

    private String detail(CaptchaCallbacks judging, TestRequest request, Refusal refusal) {
        assertRefused(judging.verify(request), refusal);
        return listener.events(CallbackEvent.Refused.class).stream()
                .reduce((first, second) -> second)
                .orElseThrow()
                .detail();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("&id=1", "'code' is missing"),
                Arguments.of("&code=c", "'id' is missing"),
                Arguments.of("&id=1&code=c&id=2", "'id' is given twice"),
                Arguments.of("&id=a%20b&code=c", "'id' is not 1 to 128 letters"),
                Arguments.of("&id=1&code=", "'code' is empty"),
                Arguments.of("&id=1&code=%ff", "'code' is not percent-encoded UTF-8"),
                Arguments.of("&id=1&code=c&token=t", "'token' is given twice"),
                Arguments.of("&id=1&code=c&code[]=d", "a parameter is given as an array"),
                Arguments.of("&id=1&code=c&%ff=d", "a parameter's name is not percent-encoded UTF-8"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void verifyWhenMalformedThenNamesTheParameter(String parameters, String expected) {
        String url = callbacks.issue().url() + parameters;
        assertThat(detail(TestRequest.get(url), Refusal.MALFORMED)).contains(expected);
    }

    @Test
    void verifyWhenTheTokenIsMissingOrInTheBodyThenSaysSo() {
        assertThat(detail(Wire.callback(Wire.URL), Refusal.MALFORMED)).isEqualTo("'token' is missing");
        TestRequest inBody = TestRequest.post(callbacks.issue().url())
                .form("id", "1")
                .form("code", "c")
                .form("token", "t");
        assertThat(detail(inBody, Refusal.MALFORMED)).isEqualTo("'token' is given twice");
    }

    @Test
    void verifyWhenTheBodyIsOfAnotherTypeThenSaysWhich() {
        TestRequest json = TestRequest.post(callbacks.issue().url())
                .contentType("application/json")
                .body("{\"secret\":1}");
        assertThat(detail(json, Refusal.MALFORMED))
                .isEqualTo("the body is not of type application/x-www-form-urlencoded");
    }

    @Test
    void verifyWhenExpiredThenTheAgeAndTheLimit() {
        TestRequest old = Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS - 86_400));
        long ttl = callbacks.settings().freshness().ttl().toSeconds();
        assertThat(detail(old, Refusal.EXPIRED))
                .isEqualTo("it was issued 86400 s ago, and " + ttl + " s are allowed by freshness.ttl");
        TestRequest early = Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS + 7));
        assertThat(detail(early, Refusal.EXPIRED))
                .isEqualTo("it was issued 7 s in the future, and 5 s are allowed: compare the nodes' clocks");
    }

    @Test
    void verifyWhenPlainHttpThenWhoseForwardedHeadersWereIgnored() {
        TestRequest request = Wire.callback(callbacks.issue().url()).secure(false);
        assertThat(detail(request, Refusal.HTTPS_REQUIRED)).isEqualTo("there was no forwarded header");
        request.header("X-Forwarded-Proto", "https");
        assertThat(detail(request, Refusal.HTTPS_REQUIRED))
                .isEqualTo(
                        "the forwarded headers from 198.51.100.7 were ignored: if that is a proxy of yours, add it to"
                                + " source.trusted-proxies");
    }

    @Test
    void verifyWhenATrustedProxySaysNothingThenWhichHeaderIsMissing() {
        CaptchaCallbacks behindAProxy = Wire.builder(clock)
                .trustProxies("198.51.100.7")
                .allowFrom("138.201.0.0/16")
                .listener(listener)
                .build();
        TestRequest request = Wire.callback(behindAProxy.issue().url());
        assertThat(detail(behindAProxy, request, Refusal.SOURCE_NOT_ALLOWED))
                .isEqualTo("the proxy 198.51.100.7 sent no X-Forwarded-For");
        request.header("X-Forwarded-For", "203.0.113.9");
        assertThat(detail(behindAProxy, request, Refusal.SOURCE_NOT_ALLOWED))
                .isEqualTo("as the proxy 198.51.100.7 says");
    }

    @Test
    void verifyWhenThePathIsSpelledOtherwiseThenThePlainOne() {
        TestRequest request = Wire.callback(callbacks.issue().url()).path("/captcha//callback");
        assertThat(detail(request, Refusal.MALFORMED)).isEqualTo("the path is not spelled /captcha/callback");
    }

    // ---- pitfall 45: containers throw on what outsiders send

    @Test
    void verifyWhenTheServerThrowsOnTheRequestThenMalformedAndOnlyTheClassIsTold() {
        TestRequest request = Wire.callback(callbacks.issue().url()).whileBodyIsRead(() -> {
            throw new IllegalArgumentException("charset of an outsider");
        });
        assertThat(detail(request, Refusal.MALFORMED))
                .isEqualTo("the server could not read the request: IllegalArgumentException");
        assertAccepted(callbacks.verify(request.whileBodyIsRead(() -> {})));
    }

    @Test
    void coversWhenThePathCannotBeReadThenTheRequestIsJudgedAndMalformed() {
        CallbackRequest unreadable =
                new UnreadablePath(Wire.callback(callbacks.issue().url()));
        assertThat(callbacks.covers(unreadable)).isTrue();
        assertRefused(callbacks.verify(unreadable), Refusal.MALFORMED);
    }

    private record UnreadablePath(CallbackRequest request) implements CallbackRequest {

        @Override
        public String path() {
            throw new IllegalArgumentException("a path of an outsider");
        }

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public boolean secure() {
            return request.secure();
        }

        @Override
        public @Nullable String remoteAddress() {
            return request.remoteAddress();
        }

        @Override
        public List<String> headers(String name) {
            return request.headers(name);
        }

        @Override
        public @Nullable String query() {
            return request.query();
        }

        @Override
        public @Nullable String contentType() {
            return request.contentType();
        }

        @Override
        public byte[] body(int maxBytes) throws IOException {
            return request.body(maxBytes);
        }
    }
}
