package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "/captcha/callback%3B%2Fx,              false, false",
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
                "/captcha/callback/..,                 false, false",
                "/captcha/callback/../status,          false, false",
                "/other/captcha/callback,              false, false",
                "/captcha/callback/token,              false, false",
                "/captcha/callback/a/b,                false, false",
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
                "/captcha/callback/x/../..,            false, false",
                "/captcha/callback/../token,           false, false",
                "/,                                    false, false",
                "\"\",                                 false, false",
            })
    void coversWhenTokenIsInPath(String requested, boolean covered, boolean plain) {
        assertThat(path.covers(requested)).as("covers").isEqualTo(covered);
        assertThat(path.isPlain(requested)).as("isPlain").isEqualTo(plain);
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
    void coversWhenPathIsHugeThenAnswersSoon() {
        String huge = "/captcha/callback" + "/..".repeat(100_000) + "%25".repeat(100_000);
        assertThat(query.covers(huge)).isFalse();
    }
}
