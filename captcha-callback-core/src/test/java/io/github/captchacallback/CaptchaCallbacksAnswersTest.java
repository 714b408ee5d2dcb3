package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static io.github.captchacallback.VerdictAssertions.assertRepeated;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the protocol's table of checks: what each answers, and which answers first. */
class CaptchaCallbacksAnswersTest {

    private static final String ALLOWED = "138.201.1.1";

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 100));
    private final RecordingListener listener = new RecordingListener();

    private CaptchaCallbacksBuilder builder() {
        return Wire.builder(clock).allowFrom("138.201.0.0/16").store(store).listener(listener);
    }

    /** Returns a request that one check alone refuses. */
    private TestRequest refusedFor(Refusal refusal, CaptchaCallbacks callbacks) {
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED);
        return switch (refusal) {
            case METHOD_NOT_ALLOWED -> request.method("PUT");
            case HTTPS_REQUIRED -> request.secure(false);
            case SOURCE_NOT_ALLOWED -> request.remoteAddress("203.0.113.9");
            case MALFORMED -> request.param("id", "2");
            case INVALID_SIGNATURE ->
                Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS + 1)
                                .replace("." + (Wire.NOW_SECONDS + 1), "." + Wire.NOW_SECONDS))
                        .remoteAddress(ALLOWED);
            case EXPIRED ->
                Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS - 301))
                        .remoteAddress(ALLOWED);
            case UNKNOWN_TASK ->
                Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS)).remoteAddress(ALLOWED);
            case IN_PROGRESS -> {
                assertAccepted(callbacks.verify(request));
                clock.advance(Duration.ofMillis(20_500));
                yield request;
            }
            case ALREADY_PROCESSED -> {
                assertAccepted(callbacks.verify(request)).claim().settle();
                yield request;
            }
            case UNAVAILABLE -> {
                store.fail();
                yield request;
            }
        };
    }

    private static Map<String, String> headers(String... more) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "Content-Type", "application/json", "Cache-Control", "no-store", "Referrer-Policy", "no-referrer"));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    private static CallbackAnswer protocolAnswer(Refusal refusal) {
        return switch (refusal) {
            case METHOD_NOT_ALLOWED ->
                new CallbackAnswer(405, headers("Allow", "GET, POST"), "{\"error\":\"method not allowed\"}");
            case HTTPS_REQUIRED -> new CallbackAnswer(403, headers(), "{\"error\":\"https required\"}");
            case SOURCE_NOT_ALLOWED -> new CallbackAnswer(403, headers(), "{\"error\":\"forbidden\"}");
            case MALFORMED -> new CallbackAnswer(400, headers(), "{\"error\":\"malformed callback\"}");
            case INVALID_SIGNATURE -> new CallbackAnswer(403, headers(), "{\"error\":\"invalid signature\"}");
            case EXPIRED -> new CallbackAnswer(403, headers(), "{\"error\":\"expired\"}");
            case UNKNOWN_TASK -> new CallbackAnswer(403, headers(), "{\"error\":\"unknown task\"}");
            case IN_PROGRESS -> new CallbackAnswer(409, headers("Retry-After", "10"), "{\"error\":\"in progress\"}");
            case ALREADY_PROCESSED -> new CallbackAnswer(409, headers(), "{\"error\":\"already processed\"}");
            case UNAVAILABLE -> new CallbackAnswer(503, headers("Retry-After", "10"), "{\"error\":\"unavailable\"}");
        };
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void verifyWhenOneCheckFailsThenAnswersAsTheProtocolHasIt(Refusal refusal) {
        CaptchaCallbacks callbacks = builder().build();
        Verdict.Refused refused = assertRefused(callbacks.verify(refusedFor(refusal, callbacks)), refusal);
        assertThat(refused.answer()).isEqualTo(protocolAnswer(refusal));
        assertThat(callbacks.answer(refusal)).isEqualTo(protocolAnswer(refusal));
        assertThat(refusal.status()).isEqualTo(refused.answer().status());
        assertThat(refusal.reason()).isNotBlank().doesNotEndWith(".");
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void verifyWhenErrorDetailIsOffThenRefusalsAreAlike(Refusal refusal) {
        CaptchaCallbacks callbacks = builder().set("error-detail", "false").build();
        Verdict.Refused refused = assertRefused(callbacks.verify(refusedFor(refusal, callbacks)), refusal);
        boolean told = refusal == Refusal.METHOD_NOT_ALLOWED || refusal == Refusal.UNAVAILABLE;
        assertThat(refused.answer()).isEqualTo(protocolAnswer(told ? refusal : Refusal.SOURCE_NOT_ALLOWED));
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void verifyWhenErrorDetailIsOffThenOperatorIsStillToldWhy(Refusal refusal) {
        CaptchaCallbacks callbacks = builder().set("error-detail", "false").build();
        callbacks.verify(refusedFor(refusal, callbacks));
        assertThat(listener.events(CallbackEvent.Refused.class))
                .extracting(CallbackEvent.Refused::refusal)
                .containsExactly(refusal);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void verifyWhenRefusedBehindTheSignatureThenAndOnlyThenTheEventNamesReferenceAndKey(Refusal refusal) {
        CaptchaCallbacks callbacks = builder().build();
        callbacks.verify(refusedFor(refusal, callbacks));
        boolean verified = refusal.compareTo(Refusal.INVALID_SIGNATURE) > 0;
        assertThat(listener.events(CallbackEvent.Refused.class)).singleElement().satisfies(refused -> {
            assertThat(refused.keyId()).isEqualTo(verified ? Wire.KEY : null);
            assertThat(refused.reference() != null).isEqualTo(verified);
        });
    }

    @Test
    void verifyWhenAcceptedThenTheAnswerForNoAnswerIsOk() {
        CallbackAnswer ok = new CallbackAnswer(200, headers("Content-Type", "text/plain"), "OK");
        assertThat(CallbackAnswer.ok()).isEqualTo(ok);
        CaptchaCallbacks callbacks = builder().set("replay.duplicates", "ok").build();
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED);
        assertAccepted(callbacks.verify(request)).claim().settle();
        assertThat(assertRepeated(callbacks.verify(request)).answer()).isEqualTo(ok);
    }

    @Test
    void answerThenItsHeadersCannotBeChanged() {
        Map<String, String> headers = new HashMap<>(Map.of("Allow", "GET"));
        CallbackAnswer answer = new CallbackAnswer(405, headers, "");
        headers.put("Allow", "POST");
        assertThat(answer.headers()).containsExactly(Map.entry("Allow", "GET")).isUnmodifiable();
    }

    @Test
    void verifyWhenSeveralChecksFailThenTheFirstAnswers() {
        CaptchaCallbacks callbacks = builder().build();
        String unexpectedOld = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS - 301);
        String forged = unexpectedOld.substring(0, unexpectedOld.length() - 64) + "0".repeat(64);
        TestRequest request = TestRequest.of("DELETE", Wire.PATH)
                .secure(false)
                .remoteAddress("203.0.113.9")
                .query("token=" + forged);

        assertRefused(callbacks.verify(request), Refusal.METHOD_NOT_ALLOWED);
        request.method("GET");
        assertRefused(callbacks.verify(request), Refusal.HTTPS_REQUIRED);
        request.secure(true);
        assertRefused(callbacks.verify(request), Refusal.SOURCE_NOT_ALLOWED);
        request.remoteAddress(ALLOWED);
        request.rawParam("token=" + forged);
        assertRefused(callbacks.verify(request), Refusal.MALFORMED);
        request.query("token=" + forged);
        assertRefused(callbacks.verify(request), Refusal.INVALID_SIGNATURE);
        request.query("token=" + unexpectedOld);
        assertRefused(callbacks.verify(request), Refusal.EXPIRED);
        request.query("token=" + Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS));
        assertRefused(callbacks.verify(request), Refusal.MALFORMED);
        request.query("token=" + Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS) + "&id=1&code=c");
        assertThat(store.calls()).isEmpty();
        store.fail();
        assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE);
        store.recover();
        assertRefused(callbacks.verify(request), Refusal.UNKNOWN_TASK);

        IssuedCallback issued = callbacks.issue();
        callbacks.bind(issued.reference(), "1");
        assertAccepted(callbacks.verify(Wire.callback(issued.url(), "1").remoteAddress(ALLOWED)));
        assertRefused(callbacks.verify(Wire.callback(issued.url(), "2").remoteAddress(ALLOWED)), Refusal.UNKNOWN_TASK);
        assertRefused(callbacks.verify(Wire.callback(issued.url(), "1").remoteAddress(ALLOWED)), Refusal.IN_PROGRESS);
    }

    @Test
    void verifyWhenSourceIsRefusedThenBodyIsNotRead() {
        CaptchaCallbacks callbacks = builder().build();
        TestRequest request = TestRequest.post(Wire.URL).form("id", "1").form("code", Wire.CODE);
        assertRefused(callbacks.verify(request.method("DELETE")), Refusal.METHOD_NOT_ALLOWED);
        assertRefused(callbacks.verify(request.method("POST").secure(false)), Refusal.HTTPS_REQUIRED);
        assertRefused(callbacks.verify(request.secure(true)), Refusal.SOURCE_NOT_ALLOWED);
        assertThat(request.bodyReads()).isZero();
    }

    @Test
    void verifyWhenRequestIsJudgedToTheEndThenBodyIsReadOnce() {
        CaptchaCallbacks callbacks = builder().build();
        TestRequest request = TestRequest.post(callbacks.issue().url())
                .form("id", "1")
                .form("code", Wire.CODE)
                .remoteAddress(ALLOWED);
        assertAccepted(callbacks.verify(request));
        assertThat(request.bodyReads()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get", "Post", "", "GET "})
    void verifyWhenMethodIsNotConfiguredThenRefusedAndNothingIsClaimed(String method) {
        CaptchaCallbacks callbacks = builder().build();
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED);
        assertRefused(callbacks.verify(request.method(method)), Refusal.METHOD_NOT_ALLOWED);
        assertThat(store.calls()).containsExactly("expect");
        assertAccepted(callbacks.verify(request.method("GET")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void verifyWhenOneMethodIsConfiguredThenItAloneIsAllowed(String method) {
        CaptchaCallbacks callbacks = builder().set("methods", method).build();
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED);
        String other = method.equals("GET") ? "POST" : "GET";
        assertThat(assertRefused(callbacks.verify(request.method(other)), Refusal.METHOD_NOT_ALLOWED)
                        .answer()
                        .headers())
                .containsEntry("Allow", method);
        assertAccepted(callbacks.verify(request.method(method)));
    }

    @Test
    void verifyWhenHttpsIsNotRequiredThenPlainHttpIsAccepted() {
        CaptchaCallbacks callbacks = builder().set("require-https", "false").build();
        assertAccepted(callbacks.verify(
                Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED).secure(false)));
    }

    @Test
    void verifyWhenTrustedProxyForwardsThenItsWordOnClientAndSchemeCounts() {
        CaptchaCallbacks callbacks = builder().trustProxies("10.0.0.0/8").build();
        TestRequest request = Wire.callback(callbacks.issue().url())
                .secure(false)
                .remoteAddress("10.1.2.3")
                .header("X-Forwarded-For", "1.2.3.4, " + ALLOWED)
                .header("X-Forwarded-Proto", "https");
        assertAccepted(callbacks.verify(request));
    }

    /** Pitfall 7 and 8: the headers of a peer that is no proxy of ours are its own word. */
    @Test
    void verifyWhenPeerIsNotTrustedThenItsForwardedHeadersDoNotCount() {
        CaptchaCallbacks callbacks = builder().trustProxies("10.0.0.0/8").build();
        TestRequest request = Wire.callback(callbacks.issue().url())
                .remoteAddress("203.0.113.9")
                .header("X-Forwarded-For", ALLOWED)
                .header("X-Forwarded-Proto", "https");
        assertRefused(callbacks.verify(request), Refusal.SOURCE_NOT_ALLOWED);
        assertRefused(callbacks.verify(request.secure(false)), Refusal.HTTPS_REQUIRED);
    }

    @Test
    void verifyWhenTheConnectionHasNoAddressThenItIsNobody() {
        CaptchaCallbacks open = Wire.builder(clock).build();
        assertAccepted(open.verify(Wire.callback(open.issue().url()).remoteAddress(null)));
        CaptchaCallbacks closed = builder().build();
        assertRefused(
                closed.verify(Wire.callback(closed.issue().url()).remoteAddress(null)), Refusal.SOURCE_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "not an address", "138.201.1.1:80", "[::1]:80", "138.201.1.1, 138.201.1.2"})
    void verifyWhenPeerIsNoLiteralThenItIsNobody(String peer) {
        CaptchaCallbacks callbacks = builder().build();
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(peer);
        assertRefused(callbacks.verify(request), Refusal.SOURCE_NOT_ALLOWED);
        assertThat(listener.events(CallbackEvent.Refused.class))
                .extracting(CallbackEvent.Refused::client)
                .containsOnlyNulls();
    }

    /** Pitfall 36: without a signature, differing answers would tell an outsider which tasks there are. */
    @Test
    void verifyWhenNothingIsSignedAndErrorDetailIsOffThenAnswersDoNotTellWhetherATaskExists() {
        CaptchaCallbacks callbacks =
                Wire.unsigned(clock).set("error-detail", "false").store(store).build();
        callbacks.issueFor("1");
        assertAccepted(callbacks.verify(Wire.callback(Wire.URL, "1")));
        Verdict.Refused claimed = assertRefused(callbacks.verify(Wire.callback(Wire.URL, "1")), Refusal.IN_PROGRESS);
        Verdict.Refused unknown = assertRefused(callbacks.verify(Wire.callback(Wire.URL, "2")), Refusal.UNKNOWN_TASK);
        Verdict.Refused malformed = assertRefused(callbacks.verify(TestRequest.get(Wire.URL)), Refusal.MALFORMED);
        assertThat(List.of(claimed.answer(), unknown.answer(), malformed.answer()))
                .containsOnly(protocolAnswer(Refusal.SOURCE_NOT_ALLOWED));
    }

    @Test
    void coversWhenRequestIsForTheEndpointThenTrue() {
        CaptchaCallbacks callbacks = builder().build();
        assertThat(callbacks.covers(TestRequest.get(Wire.URL + "?token=x"))).isTrue();
        assertThat(callbacks.covers(TestRequest.get(Wire.PATH + "/"))).isTrue();
        assertThat(callbacks.covers(TestRequest.get(Wire.PATH + "foo"))).isFalse();
    }

    /** Pitfalls 6 and 15: another spelling of the path is ours, and is never accepted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/captcha/callback/",
                "/captcha//callback",
                "/captcha/callback;jsessionid=1",
                "/captcha/%63allback",
                "/captcha%2Fcallback",
                "/captcha/./callback",
                "/CAPTCHA/callback",
            })
    void verifyWhenPathIsNotPlainThenMalformed(String path) {
        CaptchaCallbacks callbacks = builder().build();
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED);
        assertThat(callbacks.covers(request.path(path))).isTrue();
        assertRefused(callbacks.verify(request), Refusal.MALFORMED);
        assertThat(request.bodyReads()).isZero();
        assertAccepted(callbacks.verify(request.path(Wire.PATH)));
    }

    @Test
    void verifyWhenPathIsConfiguredThenCallbacksArriveThere() {
        CaptchaCallbacks callbacks = builder().set("path", "/app/hook").build();
        TestRequest request = Wire.callback(callbacks.issue().url()).remoteAddress(ALLOWED);
        assertThat(callbacks.covers(request)).isFalse();
        assertAccepted(callbacks.verify(request.path("/app/hook")));
    }
}
