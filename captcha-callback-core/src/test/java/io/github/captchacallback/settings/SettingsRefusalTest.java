package io.github.captchacallback.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting that cannot be used stops the start; the message names the key, the value and what to write instead. */
class SettingsRefusalTest {

    private static final String URL = "https://your-server.com/captcha/callback";
    private static final String SECRET = "correct-horse-battery-staple-2026";
    private static final String OTHER_SECRET = "incorrect-horse-battery-staple-2026";

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            public-url | your-server.com/captcha/callback | this is no absolute http or https URL | Write an absolute URL like
            public-url | /captcha/callback | this is no absolute http or https URL | Write an absolute URL like
            public-url | ftp://your-server.com/callback | this is no absolute http or https URL | Write an absolute URL like
            public-url | https:/captcha/callback | this is no absolute http or https URL | Write an absolute URL like
            public-url | https:your-server.com | this is no absolute http or https URL | Write an absolute URL like
            public-url | https://your_server/callback | this is no absolute http or https URL | Write an absolute URL like
            public-url | https://your-server.com/cap tcha | this is no URL | Write an absolute URL like
            public-url | ${PUBLIC_URL} | this is no URL | Write an absolute URL like
            public-url | https://your-server.com/callback?x=1 | it has a query or a fragment | Write an absolute URL like
            public-url | https://your-server.com/callback? | it has a query or a fragment | Write an absolute URL like
            public-url | https://your-server.com/callback#x | it has a query or a fragment | Write an absolute URL like
            public-url | https://your-server.com | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/ | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/captcha/ | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com//captcha | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/a/../captcha | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/./captcha | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/captcha;x=1 | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/%63aptcha | its path is not in plain form | Write segments of letters
            public-url | https://your-server.com/käptcha | its path is not in plain form | Write segments of letters
            path | captcha/callback | its path is not in plain form | Write segments of letters
            path | / | its path is not in plain form | without a slash at the end
            path | /captcha/callback/ | its path is not in plain form | without a slash at the end
            path | /captcha//callback | its path is not in plain form | Write segments of letters
            path | /captcha/../callback | its path is not in plain form | Write segments of letters
            path | /.captcha | its path is not in plain form | Write segments of letters
            path | /captcha;x | its path is not in plain form | Write segments of letters
            path | /captcha%2fcallback | its path is not in plain form | Write segments of letters
            path | /captcha\\callback | its path is not in plain form | Write segments of letters
            path | /captcha/* | its path is not in plain form | Write segments of letters
            path | /captcha?x | its path is not in plain form | Write segments of letters
            path | https://your-server.com/captcha | its path is not in plain form | Write segments of letters
            methods | PUT | services call by GET or POST | Write GET, POST, or both
            methods | GET,HEAD | services call by GET or POST | Write GET, POST, or both
            methods | GET,OPTIONS,POST | services call by GET or POST | Write GET, POST, or both
            methods | get | services call by GET or POST | Write GET, POST, or both
            methods | GET POST | services call by GET or POST | Write GET, POST, or both
            methods | , | services call by GET or POST | Write GET, POST, or both
            require-https | yes | this is none of the choices | Write true or false
            require-https | TRUE | this is none of the choices | Write true or false
            require-https | 1 | this is none of the choices | Write true or false
            error-detail | off | this is none of the choices | Write true or false
            parameters.task-id | token | this is no name for a parameter of the service's | other than 'token' and 'ts'
            parameters.task-id | id[] | this is no name for a parameter of the service's | letters, digits, '-' and '_'
            parameters.task-id | task id | this is no name for a parameter of the service's | letters, digits, '-' and '_'
            parameters.code | ts | this is no name for a parameter of the service's | other than 'token' and 'ts'
            parameters.code | cöde | this is no name for a parameter of the service's | letters, digits, '-' and '_'
            parameters.code | id | 'parameters.task-id' has the same name | Give each the service's own name for it
            max-code-length | 0 | this is no number in range | Write 1 to 16777216
            max-code-length | -1 | this is no number in range | Write 1 to 16777216
            max-code-length | +1 | this is no number in range | Write 1 to 16777216
            max-code-length | 16777217 | this is no number in range | Write 1 to 16777216
            max-code-length | 4294967297 | this is no number in range | Write 1 to 16777216
            max-code-length | 99999999999999999999 | this is no number in range | Write 1 to 16777216
            max-code-length | 16k | this is no number in range | Write 1 to 16777216
            max-code-length | 1e3 | this is no number in range | Write 1 to 16777216
            max-code-length | 16_384 | this is no number in range | Write 1 to 16777216
            max-code-length | １６３８４ | this is no number in range | Write 1 to 16777216
            signature.enabled | no | this is none of the choices | Write true or false
            signature.scheme | task_id | this is none of the choices | Write reference or task-id
            signature.scheme | TASK_ID | this is none of the choices | Write reference or task-id
            signature.scheme | none | this is none of the choices | Write reference or task-id
            signature.active-key | 2026-12 | there is no such key | Name one of 2026-11
            signature.url-style | header | this is none of the choices | Write query or path
            freshness.enabled | 0 | this is none of the choices | Write true or false
            freshness.enabled | false | a token of the reference scheme always carries its time | signature.scheme=task-id
            freshness.ttl | 300 | this is no duration in range | Write a number with its unit
            freshness.ttl | 0s | this is no duration in range | the least is 1000ms
            freshness.ttl | 500ms | this is no duration in range | the least is 1000ms
            freshness.ttl | -300s | this is no duration in range | Write a number with its unit
            freshness.ttl | +300s | this is no duration in range | Write a number with its unit
            freshness.ttl | 300 s | this is no duration in range | such as 300s
            freshness.ttl | 300S | this is no duration in range | such as 300s
            freshness.ttl | 5min | this is no duration in range | ms, s, m, h or d
            freshness.ttl | 1.5s | this is no duration in range | such as 300s
            freshness.ttl | ３００s | this is no duration in range | such as 300s
            freshness.ttl | 366d | this is no duration in range | the most 365d
            freshness.ttl | 999999999d | this is no duration in range | the most 365d
            freshness.ttl | 9999999999s | this is no duration in range | the most 365d
            freshness.ttl | P1Y | this is no duration in range | such as 300s
            freshness.ttl | PT | this is no duration in range | such as 300s
            freshness.ttl | PT-5M | this is no duration in range | such as 300s
            freshness.ttl | PT99999999999999999999S | this is no duration in range | such as 300s
            freshness.ttl | 1500ms | the wire counts in seconds | Write whole seconds
            freshness.ttl | PT1.5S | the wire counts in seconds | Write whole seconds
            freshness.clock-skew | 500ms | the wire counts in seconds | Write whole seconds
            freshness.clock-skew | -1s | this is no duration in range | the least is 0ms
            source.allow | example.com | write an IPv4 or IPv6 address | Correct or remove this entry
            source.allow | 10.1.2.3/8 | write 10.0.0.0/8 for the block | Correct or remove this entry
            source.allow | 1.2.3.4/33 | the length of a block is a number from 0 to 32 | Correct or remove this entry
            source.allow | 1.2.3.4 5.6.7.8 | write an IPv4 or IPv6 address | Correct or remove this entry
            source.allow | all | write an IPv4 or IPv6 address | Correct or remove this entry
            source.allow | * | write an IPv4 or IPv6 address | Correct or remove this entry
            source.allow | , | this list has no entry | Give at least one, or remove the key
            source.allow | `, ,` | this list has no entry | Give at least one, or remove the key
            source.trusted-proxies | localhost | write an IPv4 or IPv6 address | Correct or remove this entry
            source.trusted-proxies | 10.0.0.1/8 | write 10.0.0.0/8 for the block | Correct or remove this entry
            source.trusted-proxies | , | this list has no entry | Give at least one, or remove the key
            source.forwarded-header | X-Real-IP | this is none of the choices | Write X-Forwarded-For or Forwarded
            source.forwarded-header | x-forwarded-for | this is none of the choices | Write X-Forwarded-For or Forwarded
            pending.enabled | disabled | this is none of the choices | Write true or false
            pending.give-up-after | 599s | it is less than 'freshness.ttl' | Write at least 600s
            pending.give-up-after | 0s | this is no duration in range | the least is 1ms
            pending.give-up-after | never | this is no duration in range | such as 300s
            replay.enabled | disabled | this is none of the choices | Write true or false
            replay.duplicates | 409 | this is none of the choices | Write conflict or ok
            replay.duplicates | OK | this is none of the choices | Write conflict or ok
            replay.lease | 0s | this is no duration in range | the least is 1ms
            replay.lease | PT0.0005S | this is no duration in range | the least is 1ms
            replay.lease | forever | this is no duration in range | such as 300s
            store.type | Caffeine | a type has lower-case letters, digits and '-' | Write caffeine
            store.type | my_store | a type has lower-case letters, digits and '-' | CallbackStoreProvider
            store.capacity | 0 | this is no number in range | Write a number from 1 on
            store.capacity | -1 | this is no number in range | Write a number from 1 on
            store.capacity | unlimited | this is no number in range | Write a number from 1 on
            """)
    void aBadValueIsRefusedByKeyValueProblemAndAction(String key, String value, String problem, String action) {
        CallbackSettingsException refusal = refusal(with(key, value));

        assertThat(refusal.problem())
                .startsWith("captcha.callback." + key + " = '" + value.strip() + "': ")
                .contains(problem);
        assertThat(refusal.action()).contains(action);
        assertThat(refusal).hasMessage(refusal.problem() + ". " + refusal.action() + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parameters.task-id", "parameters.code"})
    void aParameterNameThatTheProviderUsesForSomethingElseIsRefused(String key) {
        Map<String, String> values = with(key, "status");
        assertThat(CallbackSettings.from(values)).isNotNull();

        values.put("provider", "ucaptcha");
        assertThat(refusal(values))
                .hasMessageStartingWith(
                        "captcha.callback." + key
                                + " = 'status': this is no name for a parameter of the service's. Write the service's own name");
    }

    @Test
    void theBadEntryOfAListIsNamed() {
        CallbackSettingsException refusal = refusal(with("source.allow", "1.2.3.4, 10.1.2.3/8, ::1"));

        assertThat(refusal)
                .hasMessage(
                        "captcha.callback.source.allow = '10.1.2.3/8': bits are set behind the block's length; write"
                                + " 10.0.0.0/8 for the block, or 10.1.2.3 for the one address. Correct or remove this entry of"
                                + " the list.");
    }

    @Test
    void aFileNameThatIsNoneIsRefused() {
        assertThat(refusal(with("source.allow-file", "allow\0.txt")))
                .hasMessage("captcha.callback.source.allow-file = 'allow\0.txt': this is no path. Write the path of a"
                        + " file.");
    }

    @ParameterizedTest
    @CsvSource({
        "public-ulr, public-url",
        "publicUrl, public-url",
        "public_url, public-url",
        "paths, path",
        "method, methods",
        "requireHttps, require-https",
        "parameters.taskId, parameters.task-id",
        "max-code-lenght, max-code-length",
        "signature.schema, signature.scheme",
        "signature.activeKey, signature.active-key",
        "signature.key.2026-11, signature.keys.<key-id>",
        "signatures.keys.2026-11, signature.keys.<key-id>",
        "freshness.tll, freshness.ttl",
        "freshness.clock-skews, freshness.clock-skew",
        "source.allow-files, source.allow-file",
        "source.alow, source.allow",
        "replay.duplicate, replay.duplicates",
        "store.capacitiy, store.capacity"
    })
    void anUnknownKeyIsRefusedWithTheOneThatWasProbablyMeant(String key, String meant) {
        assertThat(refusal(with(key, "x")))
                .hasMessage("captcha.callback." + key + ": there is no such setting. Did you mean captcha.callback."
                        + meant + "? Correct or remove it.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense.altogether", "signature.verification.skip", "spring.profiles.active", "a.b.c.d.e.f"})
    void anUnknownKeyThatIsLikeNoneIsRefusedWithWhereToLook(String key) {
        assertThat(refusal(with(key, "x")))
                .hasMessage("captcha.callback." + key + ": there is no such setting. Remove it, or look the key up in"
                        + " docs/settings.md.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "signature.key.2026-11",
                "signature.secret",
                "signature.keys",
                "secret",
                "signature.active-keys",
                "Signature.keys.2026-11",
                "signature.keys.",
                "signature.keys.2026.11",
                "signature.keys.2026 11",
                "signature.keys.é",
                "signature.keys.0123456789_0123456789-ABCDEFGHIJK"
            })
    void theValueOfAKeyThatIsNoneIsNeverPrintedAsItMayBeASecret(String key) {
        CallbackSettingsException refusal = refusal(with(key, OTHER_SECRET));

        assertThat(refusal).hasMessageStartingWith("captcha.callback." + key + ": ");
        assertThat(printed(refusal)).doesNotContain(OTHER_SECRET, "horse");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "2026.11", "2026 11", "2026/11", "<key-id>", "é", "0123456789_0123456789-ABCDEFGHIJK"})
    void aKeyIdThatCannotStandInATokenIsRefused(String keyId) {
        assertThat(refusal(with("signature.keys." + keyId, OTHER_SECRET)))
                .hasMessage("captcha.callback.signature.keys." + keyId
                        + ": this is no key id. Write 1 to 32 letters, digits, '_' and '-', such as 2026-11.");
    }

    @Test
    void aKeyIdMayHaveThirtyTwoCharacters() {
        String keyId = "0123456789_0123456789-ABCDEFGHIJ";
        Map<String, String> values = with("signature.keys." + keyId, OTHER_SECRET);
        values.put("signature.active-key", keyId);

        assertThat(CallbackSettings.from(values).signature().activeKey()).isEqualTo(keyId);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            swordfish | the secret has 9 bytes, and 32 are the least | Give
            '' | the secret has 0 bytes, and 32 are the least | Give
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | the secret is a short text repeated | Give
            ${swordfish} | the secret looks like a placeholder that was not resolved; check that the name in it is spelled correctly and has a value | Give
            env:${swordfish} | the secret looks like a placeholder that was not resolved; check that the name in it is spelled correctly and has a value | Give
            base64:swordfish swordfish swordfish swordfish | what follows 'base64:' is not base64 | Give
            hex:swordfish | what follows 'hex:' is not pairs of hexadecimal digits | Give
            env:NOT_SET | the environment variable NOT_SET is not set | Set the environment variable NOT_SET to
            file:/no/such/file | the file /no/such/file cannot be read | Write into that file
            """)
    void aBadSecretIsRefusedByItsKeyAndNeverPrinted(String value, String problem, String action) {
        CallbackSettingsException refusal = refusal(with("signature.keys.2026-11", value));

        assertThat(refusal)
                .hasMessage(
                        "captcha.callback.signature.keys.2026-11: " + problem + ". " + action + " at least 32 random"
                                + " bytes, for example base64: and what 'openssl rand -base64 32' prints.");
        assertThat(printed(refusal)).doesNotContain("swordfish", "aaaaaaaa");
    }

    @Test
    void withoutAnyKeyTheActionShowsOne() {
        assertThat(refusal(Map.of("public-url", URL)))
                .hasMessage("captcha.callback.signature.keys.<key-id>: there is no signing key. Give one, for example"
                        + " captcha.callback.signature.keys.2026-11=env:CAPTCHA_SECRET.");
    }

    @Test
    void withTwoKeysOneHasToBeActive() {
        assertThat(refusal(with("signature.keys.2026-12", OTHER_SECRET)))
                .hasMessage("captcha.callback.signature.active-key: there are 2 keys, 2026-11 and 2026-12, and none is"
                        + " active. Name the one that signs.");
    }

    @Test
    void withoutUrlAndPathNobodyKnowsWhereCallbacksArrive() {
        assertThat(refusal(Map.of("signature.keys.2026-11", SECRET)))
                .hasMessage(
                        "captcha.callback.public-url: it is missing. Give the URL at which the service calls back, like"
                                + " https://your-server.com/captcha/callback, or 'path' on a node that only verifies.");
        assertThat(refusal(Map.of())).hasMessageStartingWith("captcha.callback.public-url: it is missing");
    }

    @Test
    void withoutUrlTheAudienceHasToBeGiven() {
        assertThat(refusal(Map.of("path", "/captcha/callback", "signature.keys.2026-11", SECRET)))
                .hasMessage(
                        "captcha.callback.signature.audience: it is missing, and there is no 'public-url' to take its"
                                + " place. Give the public-url of the node that issues.");
    }

    @Test
    void withoutSignatureAndPendingNothingTellsAGenuineCallback() {
        Map<String, String> values = with("signature.enabled", "false");
        values.put("pending.enabled", "false");

        assertThat(refusal(values))
                .hasMessage(
                        "captcha.callback.signature.enabled = 'false': with 'pending.enabled' off as well nothing is"
                                + " left to tell a genuine callback by. Switch one of the two on.");
    }

    @Test
    void withoutFreshnessAndPendingACallbackCouldBeRepeated() {
        Map<String, String> values = with("signature.scheme", "task-id");
        values.put("freshness.enabled", "false");
        assertThat(CallbackSettings.from(values).freshness().enabled()).isFalse();

        values.put("pending.enabled", "false");
        assertThat(refusal(values))
                .hasMessage(
                        "captcha.callback.freshness.enabled = 'false': with 'pending.enabled' off as well a callback"
                                + " could be repeated once it is forgotten. Switch one of the two on.");
    }

    private static CallbackSettingsException refusal(Map<String, String> values) {
        return catchThrowableOfType(CallbackSettingsException.class, () -> CallbackSettings.from(values));
    }

    private static String printed(Throwable thrown) {
        StringWriter printed = new StringWriter();
        thrown.printStackTrace(new PrintWriter(printed));
        return printed.toString();
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> values = new HashMap<>(Map.of("public-url", URL, "signature.keys.2026-11", SECRET));
        values.put(key, value);
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hunter2@your-server.com/callback",
                "https://me:hunter2@my_host/callback",
                "https://me:hun hunter2@my_host/callback"
            })
    void aPublicUrlWithAUserIsRefusedWithoutShowingItsPassword(String url) {
        assertThatThrownBy(() -> CallbackSettings.from(Map.of("public-url", url)))
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageStartingWith("captcha.callback.public-url: it names a user.")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void answeringRepeatsThatNobodyKnowsIsAContradiction() {
        assertThatThrownBy(() -> CallbackSettings.from(Map.of(
                        "public-url", "https://your-server.com/callback",
                        "signature.keys.k", "correct-horse-battery-staple-2026-november",
                        "replay.enabled", "false",
                        "replay.duplicates", "ok")))
                .hasMessageStartingWith("captcha.callback.replay.enabled = 'false': with 'replay.duplicates' = 'ok'");
    }
}
