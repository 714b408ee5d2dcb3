package io.github.captchacallback.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.TestRequest;
import io.github.captchacallback.http.CallbackRequest;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackPathTest {

    private final CallbackPath query = new CallbackPath("/captcha/callback", false);
    private final CallbackPath path = new CallbackPath("/captcha/callback", true);

    /** Covered, so that nobody walks around the filter; plain, so that one spelling alone is judged further. */
    @ParameterizedTest(name = "{0}: covered {1}, plain {2}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/captcha/callback,                    true,  true",
                "/captcha/callback/,                   true,  false",
                "/captcha/callback//,                  true,  false",
                "//captcha/callback,                   true,  false",
                "/captcha//callback,                   true,  false",
                "/captcha/callback;x,                  true,  false",
                "/captcha/callback;jsessionid=1A2B,    true,  false",
                "/captcha/callback;x=%2F,              true,  false",
                "/captcha/callback;%2Fx,                true,  false",
                "/captcha/callback;x=%2Fy,              true,  false",
                "/captcha/callback;x=a%2Fb,             true,  false",
                "/captcha;%2Fx/callback,                true,  false",
                "/captcha/callback;%5Cx,                true,  false",
                "/x;%2Fy/../captcha/callback,           true,  false",
                "/captcha/callback%3B%2Fx,              true,  false",
                "/captcha/callback;x=%252Fy,            true,  false",
                "/captcha/callback;,                   true,  false",
                "/captcha;v=1/callback,                true,  false",
                "/captcha/;/callback,                  true,  false",
                "/captcha/callback%3Bx,                true,  false",
                "/captcha/callback%3bx,                true,  false",
                "/captcha/callback%253Bx,              true,  false",
                "/captcha/%63allback,                  true,  false",
                "/captcha/%2563allback,                true,  false",
                "/captcha/%252563allback,              true,  false",
                "/captcha%2Fcallback,                  true,  false",
                "/captcha%2fcallback,                  true,  false",
                "/captcha%252Fcallback,                true,  false",
                "/captcha%25252Fcallback,              true,  false",
                "/captcha/callback%2F,                 true,  false",
                "/captcha/callback%252F,               true,  false",
                "%2Fcaptcha%2Fcallback,                true,  false",
                "/captcha/%2e/callback,                true,  false",
                "/captcha/%2E/callback,                true,  false",
                "/captcha/%252e/callback,              true,  false",
                "/captcha/callback/%2e,                true,  false",
                "/captcha/./callback,                  true,  false",
                "/captcha/callback/.,                  true,  false",
                "/captcha/callback/x/..,               true,  false",
                "/captcha/x/../callback,               true,  false",
                "/captcha/x/%2e%2e/callback,           true,  false",
                "/captcha/x/.%2e/callback,             true,  false",
                "/captcha/x/..;y/callback,             true,  false",
                "/captcha/x/%252e%252e/callback,       true,  false",
                "/../captcha/callback,                 true,  false",
                "/captcha/x;/../callback,              true,  false",
                "\\captcha\\callback,                  true,  false",
                "/captcha\\callback,                   true,  false",
                "/captcha%5Ccallback,                  true,  false",
                "/captcha%5ccallback,                  true,  false",
                "/captcha%255Ccallback,                true,  false",
                "/captcha/callback\\,                  true,  false",
                "/Captcha/Callback,                    true,  false",
                "/CAPTCHA/CALLBACK,                    true,  false",
                "/captcha/%43allback,                  true,  false",
                "/captcha/callback%20,                 true,  false",
                "captcha/callback,                     true,  false",
                "/captcha/callbackfoo,                 false, false",
                "/captcha/callback.json,               false, false",
                "/captcha/callback-old,                false, false",
                "/captcha/callbac,                     false, false",
                "/captcha,                             false, false",
                "/captcha/,                            false, false",
                "/captcha/callback/..,                 true,  false",
                "/captcha/callback/../status,          true,  false",
                "/other/captcha/callback,              false, false",
                "/captcha/callback/token,              true,  false",
                "/captcha/callback/a/b,                true,  false",
                "/captcha/callback%,                   false, false",
                "/captcha/callback%2,                  false, false",
                "/captcha/callback%zz,                 false, false",
                "/,                                    false, false",
                "*,                                    false, false",
                "\"\",                                 false, false",
            })
    void coversWhenTokenIsInQuery(String requested, boolean covered, boolean plain) {
        assertThat(query.covers(requested)).as("covers").isEqualTo(covered);
        assertThat(query.isPlain(requested)).as("isPlain").isEqualTo(plain);
    }

    @ParameterizedTest(name = "{0}: covered {1}, plain {2}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/captcha/callback/token,              true,  true",
                "/captcha/callback/v1.k.r.1.m,         true,  true",
                "/captcha/callback,                    true,  false",
                "/captcha/callback/token/,             true,  false",
                "/captcha/callback//token,             true,  false",
                "/captcha/callback/a/b,                true,  false",
                "/captcha/callback/a/b/c,              true,  false",
                "//captcha/callback/token,             true,  false",
                "/captcha//callback/token,             true,  false",
                "/captcha;x/callback/token,            true,  false",
                "/captcha/callback;x/token,            true,  false",
                "/captcha%2Fcallback/token,            true,  false",
                "/captcha/callback%2Ftoken,            true,  false",
                "/captcha/callback%252Ftoken,          true,  false",
                "/captcha/%2e/callback/token,          true,  false",
                "/captcha/x/../callback/token,         true,  false",
                "/captcha\\callback\\token,            true,  false",
                "/captcha/callback%5Ctoken,            true,  false",
                "/CAPTCHA/callback/token,              true,  false",
                "/captcha/Callback/token,              true,  false",
                "/captcha/callbackfoo,                 false, false",
                "/captcha/callbackfoo/token,           false, false",
                "/captcha/token,                       false, false",
                "/captcha,                             false, false",
                "/captcha/callback/x/../..,            true,  false",
                "/captcha/callback/../token,           true,  false",
                "/,                                    false, false",
                "\"\",                                 false, false",
            })
    void coversWhenTokenIsInPath(String requested, boolean covered, boolean plain) {
        assertThat(path.covers(requested)).as("covers").isEqualTo(covered);
        assertThat(path.isPlain(requested)).as("isPlain").isEqualTo(plain);
    }

    /** Each is what some container or framework takes for the callback path, or for a path below it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Letters that case-insensitive matchers take for ASCII letters.
                "/captcha/callbac\u212A",
                "/captcha/callbac%E2%84%AA",
                "/captcha/callbac%25E2%2584%25AA",
                "/captcha/callbac\u00E2\u0084\u00AA",
                "/captcha/callbac%u212A",
                // Full-width forms, superscripts, and letters with marks.
                "/\uFF43aptcha/callback",
                "/%EF%BC%A3aptcha/callback",
                "/c\u1D43ptcha/callback",
                "/c%C3%A1ptcha/callback",
                "/ca\u0301ptcha/callback",
                "/captcha\uFF0Fcallback",
                "/captcha%EF%BC%8Fcallback",
                "/captcha/%EF%BC%8E%EF%BC%8E/captcha/callback",
                "/captcha/callback%EF%BC%9Bx",
                "/captcha/\uFF0563allback",
                // Overlong UTF-8.
                "/captcha%C0%AFcallback",
                "/captcha/%C1%A3allback",
                "/captcha/%E0%81%A3allback",
                "/captcha/%F0%80%81%A3allback",
                "/captcha/%F8%80%80%81%A3allback",
                "/captcha/x/%C0%AE%C0%AE/callback",
                // Jetty's legacy form.
                "/captcha/%u0063allback",
                "/captcha/%U0063allback",
                "/captcha%u002Fcallback",
                "/captcha/%25u0063allback",
                // Controls, blanks and characters that are not shown.
                "/captcha/%0Fcallback",
                "/captcha/call%0Eback",
                "/captcha/callback%00",
                "/captcha/callback%09",
                "/captcha/callback%C2%A0",
                "/captcha/callback%E2%80%8B",
                "/captcha/call%C2%ADback",
                "/captcha/%1B(Bcallback",
                "/captcha/%1B%28%42callback",
                "/captcha/\u0000callback",
                // Whole targets and authorities.
                "http://callbacks.example/captcha/callback",
                "HTTPS://user@callbacks.example:8443/captcha/callback",
                "http:/captcha/callback",
                "//callbacks.example/captcha/callback",
                "http://callbacks.example/captcha/%63allback",
                "/captcha/callback#x",
                "/captcha/callback%23x",
                "/captcha/callback%3Fx",
                // Readers that disagree on the order of their steps.
                "/captcha/x//../../callback",
                "/captcha/x//../callback",
                "/captcha/x/./../callback",
                "/captcha/x/./../../callback",
                "/x\\y/../captcha/callback",
                "/x%2Fy/../captcha/%63allback",
                "/x%2Fy/%2e%2e/captcha/callback",
                "/x%5Cy/%2e%2e/captcha/callback",
                "/x%5Cy/../captcha/%63allback",
                "/captcha/%2e%2e/../%63allback",
                "/x\uFF0Fy/../captcha/callback",
                "/captcha/.%0F./captcha/callback",
                "/captcha/x/.%20./callback",
                "/x;/..;/captcha/callback",
                // What an endpoint that is mapped by prefix answers.
                "/captcha/callback/extra",
                "/captcha/callback/extra/more",
                "/captcha/callback/extra.json",
                "/captcha/callback/x/../extra",
                "/captcha/%63allback/extra",
                "/captcha/callbac%E2%84%AA/extra",
            })
    void coversWhenAnybodyCouldTakeAPathForTheEndpointsThenItIsCoveredAndNotPlain(String requested) {
        assertThat(query.covers(requested)).as("covers").isTrue();
        assertThat(query.isPlain(requested)).as("isPlain").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/mission/s, /mi%C5%BF%C5%BFion/%C5%BF",
        "/mission/s, /mi%C3%9Fion/s",
        "/mission/s, /m%C4%B1ssion/s",
        "/mission/s, /m%C4%B0ssion/s",
        "/office, /o%EF%AC%83ce",
        "/Hook, /hoo%E2%84%AA",
        "/a.b, /a%E2%80%A4b",
    })
    void coversWhenALetterFoldsToTheConfiguredOneThenItIsCovered(String configured, String requested) {
        assertThat(new CallbackPath(configured, false).covers(requested)).isTrue();
    }

    /** Frameworks decode a path by the charset that the client declares for the body. */
    @ParameterizedTest
    @CsvSource({
        "/captcha/%0Fcallback, text/plain;charset=ISO-2022-JP",
        "/%1B$B%23c%1B(Baptcha/callback, text/plain;charset=ISO-2022-JP",
        "/%83%81%97%A3%83%88%81%61%83%81%93%93%82%81%83%92, text/plain; charset=IBM1047",
        "/captcha/%63allback, text/plain; charset=UTF-8; charset=no-such-charset",
    })
    void coversWhenTheBodysCharsetDecodesAPathToTheEndpointsThenItIsCovered(String path, String contentType) {
        assertThat(query.covers(TestRequest.get(path).contentType(contentType))).isTrue();
    }

    /** Plays an adapter of a container that throws because of what a client has sent. */
    private static CallbackRequest withoutType(String path) {
        return TestRequest.get(path).contentTypeFails();
    }

    @Test
    void coversWhenTheAdapterCannotReadTheTypeThenThePathIsReadWithoutIt() {
        assertThat(query.covers(withoutType("/captcha/%63allback"))).isTrue();
        assertThat(query.covers(withoutType("/elsewhere%20x"))).isFalse();
    }

    @Test
    void coversWhenTheContainerHasMappedAnotherPathThanWasSentThenThatOneCountsToo() {
        assertThat(query.covers(TestRequest.get("/captcha/").mappedPath("/captcha/callback")))
                .isTrue();
        assertThat(query.covers(TestRequest.get("/captcha/").mappedPath("/captcha/callback/extra")))
                .isTrue();
        assertThat(query.covers(TestRequest.get("/captcha/callback").mappedPath("/elsewhere")))
                .isTrue();
        assertThat(query.covers(TestRequest.get("/captcha/").mappedPath("/captcha/index.html")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/search/foo%20bar",
                "/files/a%2Fb/c%25d",
                "/%D0%BF%D1%80%D0%BE%D1%84%D0%B8%D0%BB%D1%8C/%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7%D1%8B",
                "/caf\u00E9/men\u00FC",
                "/orders;jsessionid=1A2B/1234567/items",
                "/.well-known/acme-challenge/x",
                "/a/../b//c",
                "http://callbacks.example/orders/1",
                "*",
                "",
            })
    void coversWhenAnUnusualPathIsAnotherOneThenItIsNotCovered(String requested) {
        assertThat(query.covers(requested)).isFalse();
    }

    /** The scans that decide about most requests must not miss what the readings would find. */
    @Test
    void coversWhenAScanDecidesThenTheReadingsSayTheSame() {
        Random random = new Random(7);
        String[] parts = {
            "/",
            "/",
            "captcha",
            "callback",
            "CAPTCHA",
            "callbac",
            "k",
            "K",
            "\u212A",
            ".",
            "..",
            "%",
            "%2F",
            "%63",
            ";x",
            "\\",
            "x",
            "a",
            "~",
            "@",
            ":",
            "=",
            "$",
            "*",
            " ",
            "\u0000",
            "\uFF43",
            "#",
            "?",
            "+",
            "&",
            "-",
            "_",
            "1",
            "//",
            "cap",
            "tcha",
            "call",
            "back",
            "%C3%A1",
            "%25",
            "%u0063",
            "\u33AF",
        };
        for (int i = 0; i < 30_000; i++) {
            StringBuilder spelling = new StringBuilder("/");
            for (int length = random.nextInt(8); length >= 0; length--) {
                spelling.append(parts[random.nextInt(parts.length)]);
            }
            String requested = spelling.toString();
            // Nothing is looked for in order, so that every reading is tested.
            boolean byReadings = PathSpelling.anyReading(
                    requested,
                    null,
                    "",
                    reading -> reading.regionMatches(true, 0, "/captcha/callback", 0, 17)
                            && (reading.length() == 17 || reading.charAt(17) == '/'));
            assertThat(query.covers(requested)).as(requested).isEqualTo(byReadings);
        }
    }

    @Test
    void compatibleWhenAnyCharacterIsFoldedThenItStandsForNoMoreLettersThanAreReckonedWith() {
        for (int codePoint = 0x80; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String folded = PathSpelling.compatible(Character.toString(codePoint));
            assertThat(PathSpelling.letters(folded).length())
                    .as("U+%04X", codePoint)
                    .isLessThanOrEqualTo(PathSpelling.MAX_EXPANSION);
        }
    }

    @Test
    void coversWhenAPathHasTooManyReadingsThenItIsCovered() {
        String expensive = ("/%25252525" + "%C3%A9;%2e%2e%00\\").repeat(300);
        assertThat(query.covers(expensive)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/captcha/callback, /captcha/callback, true",
        "/captcha/callback, /Captcha/Callback, true",
        "/captcha/callback, /captcha/callback/eu, true",
        "/captcha/callback/eu, /captcha/callback, true",
        "/captcha/callback, /CAPTCHA/callback/eu, true",
        "/captcha/callback, /captcha/callback-eu, false",
        "/captcha/callback, /captcha, true",
        "/captcha/eu, /captcha/us, false",
    })
    void overlapsWhenOnePathIsTheOtherOrBelowItThenTheyDo(String one, String other, boolean expected) {
        CallbackPath first = new CallbackPath(one, false);
        CallbackPath second = new CallbackPath(other, true);
        assertThat(first.overlaps(second)).isEqualTo(expected);
        assertThat(second.overlaps(first)).isEqualTo(expected);
    }

    /** What the last segment holds is judged as a token, in which none of these can be. */
    @ParameterizedTest
    @CsvSource({
        "/captcha/callback/,",
        "/captcha/callback/token;x, token;x",
        "/captcha/callback/%74oken, %74oken",
        "/captcha/callback/., .",
        "/captcha/callback/.., ..",
        "/captcha/callback/a\\b, a\\b",
    })
    void tokenWhenPathIsPlainThenItIsTheLastSegmentAsSent(String requested, String token) {
        assertThat(path.isPlain(requested)).isTrue();
        assertThat(path.token(requested)).isEqualTo(token == null ? "" : token);
    }

    @Test
    void tokenWhenItIsInQueryThenThereIsNoneInThePath() {
        assertThat(query.token("/captcha/callback")).isNull();
    }

    @Test
    void coversWhenConfiguredPathHasUpperCaseThenThatSpellingAloneIsPlain() {
        CallbackPath mixed = new CallbackPath("/Hooks/Captcha", false);
        assertThat(mixed.isPlain("/Hooks/Captcha")).isTrue();
        assertThat(mixed.isPlain("/hooks/captcha")).isFalse();
        assertThat(mixed.covers("/hooks/captcha")).isTrue();
    }

    @Test
    void coversWhenPathIsHugeThenItIsCoveredSoon() {
        String huge = "/captcha/x" + "/..".repeat(100_000) + "%25".repeat(100_000);
        assertThat(query.covers(huge)).isTrue();
    }

    /** A pattern that calls itself for each slash would overflow the stack. */
    @Test
    void coversWhenThereAreManySlashesThenAnswersAllTheSame() {
        CallbackPath path = new CallbackPath("/captcha/callback", false);
        assertThat(path.covers("/".repeat(60_000) + "captcha/callback")).isTrue();
        assertThat(path.covers("/./".repeat(20_000) + "captcha/callback")).isTrue();
    }
}
