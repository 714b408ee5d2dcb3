package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.captchacallback.FuzzText;
import io.github.captchacallback.settings.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.jspecify.annotations.Nullable;

/** Compares the readers of both schemes with the protocol's own words: its grammar, and HMAC-SHA-256 of another maker. */
class TokenFuzzTest {

    private static final String AUDIENCE = "https://your-server.com/captcha/callback";
    private static final String TASK_ID = "70123456789";
    private static final Map<String, String> SECRETS = Map.of(
            "2026-11", "correct-horse-battery-staple-2026-november",
            "2026-05", "an-older-secret-that-is-kept-to-verify-only-2026");
    private static final SigningKeys KEYS = keys();
    private static final SignatureScheme REFERENCE = new ReferenceScheme(KEYS, AUDIENCE);
    private static final SignatureScheme TIMED = new TaskIdScheme(KEYS, true);
    private static final SignatureScheme UNTIMED = new TaskIdScheme(KEYS, false);
    private static final String GENUINE = String.valueOf(
            REFERENCE.issue("3q2-7wAAECAwQFBgcICQoL", 1_792_999_940L).token());

    private static final Pattern TOKEN = Pattern.compile("v1\\.(?<keyId>[A-Za-z0-9_-]{1,32})"
            + "\\.(?<reference>[A-Za-z0-9_-]{16,64})\\.(?<issuedAt>[1-9][0-9]{0,10})\\.(?<mac>[0-9a-f]{64})");
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern TIMESTAMP = Pattern.compile("[1-9][0-9]{0,10}");

    private static SigningKeys keys() {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        SECRETS.forEach((id, secret) -> secrets.put(id, Secret.parse(secret, name -> null)));
        return new SigningKeys(secrets, "2026-11");
    }

    @FuzzTest(maxDuration = "10m")
    void aTokenHasOneSpellingAndOneMac(byte[] input) {
        String text = FuzzText.of(input);
        Proof proof = REFERENCE.read(text, null, TASK_ID);
        Matcher token = TOKEN.matcher(text);
        assertThat(proof != null).as("well-formed: %s", text).isEqualTo(token.matches());
        if (proof == null) {
            assertThat(CallbackToken.parse(text)).isNull();
            return;
        }
        String mac = token.group("mac");
        assertThat(respelt(text) + mac).isEqualTo(text);
        assertThat(proof.claimKey()).isEqualTo(token.group("reference"));
        assertThat(proof.issuedAt()).isEqualTo(Instant.ofEpochSecond(Long.parseLong(token.group("issuedAt"))));
        String secret = SECRETS.get(token.group("keyId"));
        boolean genuine = secret != null
                && mac.equals(mac(
                        secret,
                        "v1\n" + token.group("keyId") + "\n" + token.group("reference") + "\n" + token.group("issuedAt")
                                + "\n" + AUDIENCE));
        assertThat(proof.authentic()).as(text).isEqualTo(genuine);
        assertThat(proof.keyId()).isEqualTo(genuine ? token.group("keyId") : null);
    }

    /** Writes the fields of a token anew, up to its MAC; its text for logs is to have no more. */
    private static String respelt(String text) {
        CallbackToken token = Objects.requireNonNull(CallbackToken.parse(text));
        String fields = text.substring(0, text.indexOf('.', "v1.".length())) + "." + token.reference() + "."
                + token.issuedAt() + ".";
        assertThat(token.toString()).isEqualTo("CallbackToken[" + fields + "***]");
        return fields;
    }

    @FuzzTest(maxDuration = "10m")
    void aGenuineTokenIsGenuineUnchangedAlone(byte[] edits) {
        String text = FuzzText.edit(GENUINE, edits, 0);
        Proof proof = REFERENCE.read(text, null, TASK_ID);
        assertThat(proof != null && proof.authentic()).as(text).isEqualTo(text.equals(GENUINE));
    }

    @FuzzTest(maxDuration = "10m")
    void aTokenOverATaskIdHasOneSpellingAndOneMac(byte[] input) {
        List<String> lines = FuzzText.lines(input);
        String token = lines.get(0);
        String timestamp = lines.size() < 2 ? null : lines.get(1);
        String taskId = lines.size() < 3 ? TASK_ID : lines.get(2);
        boolean macShaped = MAC.matcher(token).matches();
        boolean dated = timestamp != null && TIMESTAMP.matcher(timestamp).matches();

        Proof timed = TIMED.read(token, timestamp, taskId);
        assertThat(timed != null).as("%s %s", token, timestamp).isEqualTo(macShaped && dated);
        if (timed != null) {
            check(timed, token, taskId + "\n" + timestamp);
            assertThat(timed.issuedAt()).isEqualTo(Instant.ofEpochSecond(Long.parseLong(String.valueOf(timestamp))));
        }
        Proof untimed = UNTIMED.read(token, timestamp, taskId);
        assertThat(untimed != null).as(token).isEqualTo(macShaped);
        if (untimed != null) {
            check(untimed, token, taskId);
            assertThat(untimed.issuedAt()).isNull();
        }
    }

    private static void check(Proof proof, String token, String message) {
        @Nullable String signer = null;
        for (Map.Entry<String, String> key : SECRETS.entrySet()) {
            signer = token.equals(mac(key.getValue(), message)) ? key.getKey() : signer;
        }
        assertThat(proof.authentic()).as("%s over %s", token, message).isEqualTo(signer != null);
        assertThat(proof.keyId()).isEqualTo(signer);
    }

    private static String mac(String secret, String message) {
        return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, secret).hmacHex(message);
    }
}
