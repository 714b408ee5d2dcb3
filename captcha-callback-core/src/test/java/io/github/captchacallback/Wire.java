package io.github.captchacallback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens as the protocol describes them, with nothing of ours, and holds the values that most tests share. */
public final class Wire {

    public static final String URL = "https://your-server.com/captcha/callback";
    public static final String PATH = "/captcha/callback";
    public static final String KEY = "2026-11";
    public static final String SECRET = "correct-horse-battery-staple-2026-november";
    public static final String OLD_KEY = "2026-05";
    public static final String OLD_SECRET = "an-older-secret-that-is-kept-to-verify-only-2026";
    public static final String REFERENCE = "3q2-7wAAECAwQFBgcICQoL";
    public static final String TASK_ID = "70123456789";
    public static final String CODE = "03AGdBq24PBCbwiDRaS_MJ7Z";

    /** Not at the beginning of a second: what cuts to seconds must show. */
    public static final Instant NOW = Instant.ofEpochMilli(1_793_000_000_250L);

    /** Half of the default, so that a test which forgets what it has set is found out. */
    public static final Duration TTL = Duration.ofMinutes(5);

    public static final long NOW_SECONDS = NOW.getEpochSecond();

    private Wire() {}

    /** Returns a builder with the public URL, one key and a clock, and nothing else. */
    public static CaptchaCallbacksBuilder builder(MutableClock clock) {
        return CaptchaCallbacks.builder()
                .publicUrl(URL)
                .signingKey(KEY, SECRET)
                .ttl(TTL)
                .clock(clock);
    }

    /** Returns a builder for a node that accepts whatever is signed, once. */
    public static CaptchaCallbacksBuilder replayOnly(MutableClock clock) {
        return builder(clock).set("pending.enabled", "false");
    }

    public static CaptchaCallbacksBuilder taskIdScheme(MutableClock clock) {
        return builder(clock).set("signature.scheme", "task-id");
    }

    public static CaptchaCallbacksBuilder unsigned(MutableClock clock) {
        return CaptchaCallbacks.builder()
                .publicUrl(URL)
                .set("signature.enabled", "false")
                .ttl(TTL)
                .clock(clock);
    }

    public static String token(String reference, long issuedAt) {
        return token(KEY, SECRET, reference, Long.toString(issuedAt), URL);
    }

    public static String token(String keyId, String secret, String reference, String issuedAt, String audience) {
        String mac = mac(secret, "v1\n" + keyId + "\n" + reference + "\n" + issuedAt + "\n" + audience);
        return "v1." + keyId + "." + reference + "." + issuedAt + "." + mac;
    }

    public static String mac(String secret, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a callback as CaptchaAI sends it, to a URL that may have a query already. */
    public static TestRequest callback(String url) {
        return callback(url, TASK_ID);
    }

    public static TestRequest callback(String url, String taskId) {
        return callback(url, taskId, CODE);
    }

    public static TestRequest callback(String url, String taskId, String code) {
        return TestRequest.get(url).param("id", taskId).param("code", code);
    }

    /** Returns a callback that carries a token in its query. */
    public static TestRequest withToken(String token) {
        return callback(URL + "?token=" + token);
    }
}
