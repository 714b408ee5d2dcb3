package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what a request may carry, and what the application gets of it. */
class CaptchaCallbacksParametersTest {

    /** Pitfall 28, for what is only held for a moment: an outsider without a token has none of his body read. */
    @Test
    void verifyWhenThereIsNoTokenThenTheBodyIsNotRead() {
        TestRequest request = TestRequest.post(Wire.URL).form("id", "1").form("code", "x");
        assertRefused(Wire.builder(new MutableClock(Wire.NOW)).build().verify(request), Refusal.MALFORMED);
        assertThat(request.bodyReads()).isZero();
    }

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final CaptchaCallbacks callbacks = Wire.replayOnly(clock).build();

    /** Returns a URL whose callback would be accepted. */
    private String url() {
        return callbacks.issue().url();
    }

    private void assertMalformed(TestRequest request) {
        assertRefused(callbacks.verify(request), Refusal.MALFORMED);
    }

    private Callback accepted(TestRequest request) {
        return assertAccepted(callbacks.verify(request)).callback();
    }

    // ---- where they stand

    @Test
    void verifyWhenParametersAreInQueryThenAccepted() {
        Callback callback = accepted(TestRequest.get(url() + "&id=70123456789&code=answer"));
        assertThat(callback.taskId()).isEqualTo("70123456789");
        assertThat(callback.solution()).isEqualTo("answer");
    }

    @Test
    void verifyWhenParametersAreInFormThenAccepted() {
        Callback callback = accepted(TestRequest.post(url()).body("id=70123456789&code=answer"));
        assertThat(callback.taskId()).isEqualTo("70123456789");
        assertThat(callback.solution()).isEqualTo("answer");
    }

    @Test
    void verifyWhenOneIsInQueryAndTheOtherInFormThenAccepted() {
        accepted(TestRequest.post(url() + "&id=1").form("code", "answer"));
        accepted(TestRequest.post(url() + "&code=answer").form("id", "1"));
    }

    @Test
    void verifyWhenServiceNamesItsParametersOtherwiseThenThoseCount() {
        CaptchaCallbacks other = Wire.replayOnly(clock)
                .settings(Map.of("parameters.task-id", "captcha_id", "parameters.code", "answer"))
                .build();
        TestRequest request = TestRequest.get(other.issue().url() + "&captcha_id=7&status=1&answer=a&id=x&id=y&code=");
        Callback callback = assertAccepted(other.verify(request)).callback();
        assertThat(callback.taskId()).isEqualTo("7");
        assertThat(callback.solution()).isEqualTo("a");
        assertRefused(other.verify(Wire.callback(other.issue().url())), Refusal.MALFORMED);
    }

    @Test
    void verifyWhenOtherParametersAreThereThenTheyAreLetBe() {
        accepted(TestRequest.get(
                url() + "&id=1&code=c&utm=1&utm=2&x[]=1&empty&=&&broken=%zz&idx=1&code2=&Id=3&x%79=1&x%5B%5D=2"));
    }

    // ---- missing, twice

    @ParameterizedTest
    @ValueSource(strings = {"", "&id=1", "&code=c", "&id=&code=c", "&id=1&code=", "&id&code=c", "&id=1&code"})
    void verifyWhenParameterIsMissingOrEmptyThenMalformed(String parameters) {
        assertMalformed(TestRequest.get(url() + parameters));
        assertMalformed(TestRequest.post(url()).body(parameters));
    }

    @Test
    void verifyWhenThereIsNoQueryAtAllThenMalformed() {
        assertMalformed(TestRequest.get(Wire.PATH));
        assertMalformed(TestRequest.get(Wire.PATH + "?"));
    }

    /** Pitfalls 3 and 13: one check reads the first, the application the last. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "&id=1&id=1&code=c",
                "&id=1&id=2&code=c",
                "&id=1&code=c&code=c",
                "&id=1&code=c&id=",
                "&id=1&code=c&id",
                "&id=1&i%64=2&code=c",
                "&id=1&code=c&%63ode=d",
                "&id=1&id[]=2&code=c",
                "&id[]=1&code=c",
                "&id[0]=1&id=1&code=c",
                "&id%5B%5D=1&id=1&code=c",
                "&id=1&code=c&code[]=d",
                "&id=1&code=c&code[x]=d",
                "&id=1&code=c&id[",
                "&id=1&id=%zz&code=c",
            })
    void verifyWhenServicesParameterIsThereTwiceThenMalformed(String parameters) {
        assertMalformed(TestRequest.get(url() + parameters));
        assertMalformed(TestRequest.post(url()).body(parameters));
    }

    /** Pitfall 13. */
    @Test
    void verifyWhenTokenIsThereTwiceThenMalformed() {
        String token = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        for (String second :
                new String[] {"token=" + token, "token=x", "token=", "token", "token[]=x", "t%6Fken=x", "token%5B0%5D=x"
                }) {
            assertMalformed(Wire.withToken(token).rawParam(second));
            assertMalformed(Wire.callback(Wire.URL + "?" + second).rawParam("token=" + token));
            assertMalformed(
                    TestRequest.post(Wire.URL + "?id=1&code=c&token=" + token).rawForm(second));
        }
        accepted(Wire.withToken(token));
    }

    /** Ours count in the query alone: a body is no part of the URL that was signed. */
    @Test
    void verifyWhenTokenIsInFormThenMalformed() {
        String token = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        assertMalformed(TestRequest.post(Wire.URL + "?id=1&code=c").form("token", token));
        accepted(TestRequest.post(Wire.URL + "?token=" + token).form("id", "1").form("code", "c"));
    }

    /** Pitfall 14. */
    @Test
    void verifyWhenParameterIsInQueryAndInFormThenMalformed() {
        assertMalformed(TestRequest.post(url() + "&id=1&code=c").form("id", "1"));
        assertMalformed(TestRequest.post(url() + "&id=1&code=c").form("id", "2"));
        assertMalformed(TestRequest.post(url() + "&id=1&code=c").form("code", "c"));
        assertMalformed(TestRequest.post(url() + "&id=1&code=c").form("code[]", "c"));
    }

    // ---- the task id

    @ParameterizedTest
    @ValueSource(strings = {"1", "70123456789", "A.b_c:d-e", "00000000-0000-0000-0000-000000000000"})
    void verifyWhenTaskIdHasItsShapeThenAccepted(String id) {
        assertThat(accepted(Wire.callback(url(), id)).taskId()).isEqualTo(id);
    }

    @Test
    void verifyWhenTaskIdIsLongThenAcceptedUpTo128Characters() {
        accepted(Wire.callback(url(), "9".repeat(128)));
        assertMalformed(Wire.callback(url(), "9".repeat(129)));
    }

    /** Pitfall 35: what would forge a line of a log is no task id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " 1",
                "1 ",
                "1\r\n",
                "1\nINFO all is well",
                "\u001b[31m1",
                "1\u2028",
                "1\u0085",
                "1\0",
                "1,2",
                "1/2",
                "é",
                "１",
                "{\"id\":1}",
                "1'",
                "<b>",
                "%31",
                "1+1"
            })
    void verifyWhenTaskIdHasAnotherCharacterThenMalformed(String id) {
        assertMalformed(Wire.callback(url(), id));
        assertMalformed(TestRequest.post(url()).form("id", id).form("code", "c"));
    }

    // ---- the answer

    /** Pitfall 19: what the application gets is what the service meant; nothing is decoded twice. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'a+b', 'a b'",
                "'a%20b', 'a b'",
                "'a%2Bb', 'a+b'",
                "'a%2bb', 'a+b'",
                "'a%252Bb', 'a%2Bb'",
                "'a%2520b', 'a%20b'",
                "'%25', '%'",
                "'a%26id%3D2', 'a&id=2'",
                "'a=b==', 'a=b=='",
                "'a;b', 'a;b'",
                "'%C3%A9', 'é'",
                "'%c3%a9', 'é'",
                "'%F0%9F%94%91', '🔑'",
                "'%E2%80%A8', '\u2028'",
                "'03AGdBq_-.~*', '03AGdBq_-.~*'",
                "'+', ' '",
            })
    void verifyWhenCodeIsEncodedThenDecodedOnce(String sent, String meant) {
        assertThat(accepted(TestRequest.get(url() + "&id=1&code=" + sent)).solution())
                .isEqualTo(meant);
        assertThat(accepted(TestRequest.post(url()).body("id=1&code=" + sent)).solution())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%2",
                "a%",
                "a%2",
                "%zz",
                "%2z",
                "%z2",
                "%%",
                "%+1",
                "% 1",
                "%-1",
                "%u00e9",
                "%C3",
                "%C3%",
                "%E2%80",
                "%A9",
                "%FF",
                "%C0%AF",
                "%C1%81",
                "%E0%80%AF",
                "%F0%80%80%AF",
                "%ED%A0%80",
                "%ED%BF%BF",
                "%ED%A0%BD%ED%B4%91",
                "%F4%90%80%80",
                "%F8%88%80%80%80"
            })
    void verifyWhenCodeDecodesToNothingValidThenMalformed(String sent) {
        assertMalformed(TestRequest.get(url() + "&id=1&code=" + sent));
        assertMalformed(TestRequest.post(url()).body("id=1&code=" + sent));
        assertMalformed(TestRequest.get(url() + "&code=c&id=1" + sent));
        assertMalformed(Wire.callback(url() + sent));
    }

    /** A name that cannot be read may be one that counts. */
    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "i%6", "%FF", "%C0%A9d"})
    void verifyWhenANameDecodesToNothingValidThenMalformed(String name) {
        assertMalformed(Wire.callback(url()).rawParam(name + "=1"));
        assertMalformed(TestRequest.post(url() + "&id=1&code=c").rawForm(name + "=1"));
    }

    @Test
    void verifyWhenCodeIsSentUnencodedThenItsBytesAreUtf8() {
        assertThat(accepted(TestRequest.get(url() + "&id=1&code=\u00c3\u00a9{\"|\"}"))
                        .solution())
                .isEqualTo("é{\"|\"}");
        assertMalformed(TestRequest.get(url() + "&id=1&code=\u00e9"));
        assertMalformed(TestRequest.get(url() + "&id=1&code=\u20ac"));
    }

    @Test
    void verifyWhenCodeIsJsonThenHandedOnToTheLetter() {
        String geetest =
                "{\"geetest_challenge\":\"2af8+/=\",\"geetest_validate\":\"b9\\u00e9%41\",\"geetest_seccode\":\"b9|jordan\"}";
        assertThat(accepted(Wire.callback(url(), "1", geetest)).solution()).isEqualTo(geetest);
        assertThat(accepted(TestRequest.post(url()).form("id", "1").form("code", geetest))
                        .solution())
                .isEqualTo(geetest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 80, 2_000, 2_048, 4_096, 6_000, 8_192, 16_384})
    void verifyWhenCodeHasALengthThatServicesSendThenAccepted(int length) {
        String code = "x".repeat(length);
        assertThat(accepted(Wire.callback(url(), "1", code)).solution()).isEqualTo(code);
        assertThat(accepted(TestRequest.post(url()).form("id", "1").form("code", code))
                        .solution())
                .isEqualTo(code);
    }

    @Test
    void verifyWhenCodeIsLongerThanByDefaultThenMalformed() {
        assertMalformed(Wire.callback(url(), "1", "x".repeat(16_385)));
    }

    /** The limit counts bytes, not characters. */
    @Test
    void verifyWhenCodeIsAsLongAsConfiguredThenAcceptedAndOneByteMoreIsMalformed() {
        CaptchaCallbacks shorter =
                Wire.replayOnly(clock).set("max-code-length", "10").build();
        for (String code : new String[] {"0123456789", "ααααα", "€€€x", "🔑🔑xx"}) {
            assertAccepted(shorter.verify(Wire.callback(shorter.issue().url(), "1", code)));
            assertRefused(shorter.verify(Wire.callback(shorter.issue().url(), "1", code + "x")), Refusal.MALFORMED);
            assertRefused(
                    shorter.verify(TestRequest.post(shorter.issue().url())
                            .form("id", "1")
                            .form("code", code + "x")),
                    Refusal.MALFORMED);
        }
    }

    @Test
    void verifyWhenCodeIsAnErrorOfTheServiceThenAcceptedAsError() {
        for (String code : new String[] {"ERROR_CAPTCHA_UNSOLVABLE", "ERROR: 1005", "IP_BANNED", "MAX_USER_TURN"}) {
            Callback failed = accepted(Wire.callback(url(), "1", code));
            assertThat(failed.solved()).isFalse();
            assertThat(failed.error()).contains(code);
        }
        for (String answer : new String[] {
            "03AGdBq", "ERROR_", "error_captcha", "ERROR_X y", "xERROR_X", "ERROR_X\n", "ERROR: x", "IP_BANNED2"
        }) {
            Callback solved = accepted(Wire.callback(url(), "1", answer));
            assertThat(solved.solved()).isTrue();
            assertThat(solved.error()).isEmpty();
        }
    }

    // ---- the body

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "Application/X-WWW-Form-URLencoded",
                "application/x-www-form-urlencoded;charset=UTF-8",
                "application/x-www-form-urlencoded; charset=utf-8",
                "application/x-www-form-urlencoded ; charset=\"utf-8\"",
                "application/x-www-form-urlencoded; Charset=US-ASCII",
                "  application/x-www-form-urlencoded ",
                "application/x-www-form-urlencoded;",
                "application/x-www-form-urlencoded ; ",
                "application/x-www-form-urlencoded; charset=UTF-8;",
                "application/x-www-form-urlencoded; charset=ISO-8859-1",
                "application/x-www-form-urlencoded;charset=windows-1252 ;",
                "application/x-www-form-urlencoded; charset=UTF-7",
                "application/x-www-form-urlencoded; charset=no-such-charset",
            })
    void verifyWhenBodyIsAFormThenRead(String type) {
        accepted(TestRequest.post(url()).contentType(type).form("id", "1").form("code", "c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded; charset=utf-8; charset=utf-16",
                "application/x-www-form-urlencoded; charset=",
                "application/x-www-form-urlencoded; charset=\"utf-8",
                "application/x-www-form-urlencoded;;",
                "application/x-www-form-urlencoded; boundary=x",
                "application/x-www-form-urlencoded, application/json",
                "application/x-www-form-urlencoded2",
                "x application/x-www-form-urlencoded",
                "",
            })
    void verifyWhenBodyIsOfAnotherTypeThenMalformedAndNotRead(String type) {
        TestRequest form =
                TestRequest.post(url()).contentType(type).form("id", "1").form("code", "c");
        assertMalformed(form);
        assertThat(form.mostBytesAskedFor()).isLessThanOrEqualTo(1);
        assertMalformed(
                TestRequest.post(url() + "&id=1&code=c").contentType(type).body("{}"));
    }

    @ParameterizedTest
    @CsvSource({"'', true", "; charset=utf-8, true", "; charset=ISO-8859-1, false", "; charset=UTF-16, false"})
    void verifyWhenBodyIsNotAllAsciiThenItsCharsetMustBeUtf8(String parameters, boolean accepted) {
        TestRequest form = TestRequest.post(url())
                .contentType(TestRequest.FORM + parameters)
                .rawForm("id=1")
                .rawForm("code=\u00C3\u00A9");
        if (accepted) {
            assertThat(accepted(form).solution()).isEqualTo("\u00E9");
        } else {
            assertMalformed(form);
        }
    }

    @Test
    void verifyWhenBodyHasNoTypeThenMalformed() {
        assertMalformed(
                TestRequest.post(url()).contentType(null).form("id", "1").form("code", "c"));
        assertMalformed(Wire.callback(url()).body("x"));
    }

    @Test
    void verifyWhenThereIsATypeAndNoBodyThenAccepted() {
        accepted(Wire.callback(url()).method("POST").contentType("application/json"));
        accepted(Wire.callback(url()).method("POST").contentType(TestRequest.FORM));
        accepted(Wire.callback(url()).method("POST").contentType(null));
    }

    @Test
    void verifyWhenBodyIsLongerThanItsLimitThenMalformedAndNotReadFurther() {
        CaptchaCallbacks shorter =
                Wire.replayOnly(clock).set("max-code-length", "10").build();
        int limit = 3 * 10 + 8_192;
        String answer = "id=1&code=c&x=";
        TestRequest longest =
                TestRequest.post(shorter.issue().url()).body(answer + "x".repeat(limit - answer.length()));
        assertAccepted(shorter.verify(longest));
        TestRequest tooLong =
                TestRequest.post(shorter.issue().url()).body(answer + "x".repeat(limit + 1 - answer.length()));
        assertRefused(shorter.verify(tooLong), Refusal.MALFORMED);
        assertThat(tooLong.mostBytesAskedFor()).isEqualTo(limit + 1);
    }

    /** Each byte of an answer may take three characters of a form. */
    @Test
    void verifyWhenLongestCodeIsEncodedThroughoutThenAccepted() {
        String code = "€".repeat(16_384 / 3);
        assertThat(accepted(TestRequest.post(url()).form("id", "1").form("code", code))
                        .solution())
                .isEqualTo(code);
    }

    @Test
    void verifyWhenClientBreaksOffThenMalformedAndCallbackMayComeAgain() {
        String url = url();
        assertMalformed(TestRequest.post(url).form("id", "1").form("code", "c").bodyFails());
        assertMalformed(Wire.callback(url).bodyFails());
        accepted(TestRequest.post(url).form("id", "1").form("code", "c"));
    }

    /** Pitfall 17: a link preview asks for the URL as it stands, and must not use it up. */
    @Test
    void verifyWhenUrlIsOnlyVisitedThenMalformedAndCallbackMayStillCome() {
        String url = url();
        assertMalformed(TestRequest.get(url));
        accepted(Wire.callback(url));
    }

    @Test
    void verifyWhenThereAreThousandsOfParametersThenStillJudged() {
        accepted(TestRequest.get(url() + "&id=1&code=c" + "&x=1".repeat(20_000)));
        assertMalformed(TestRequest.get(url() + "&id=1&code=c" + "&x=1".repeat(20_000) + "&id=1"));
    }
}
