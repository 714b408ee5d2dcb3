package io.github.captchacallback.benchmarks.verify;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.benchmarks.QueryRequest;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.signature.SignatureScheme;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Prepares a genuine and a forged request for us, and the same signed message for the two floors. */
@State(Scope.Thread)
public class WholeVerification {

    static final String PUBLIC_URL = "https://your-server.com/captcha/callback";
    static final String SECRET = "correct-horse-battery-staple-2026-november";

    private static final Instant NOW = Instant.ofEpochSecond(1_793_000_000);
    private static final int BLOCK_BYTES = 64;

    /** What SHA-256 adds to every message at the least: one byte that ends it, and its length. */
    private static final int PADDING_BYTES = 9;

    @Param({"100", "2000"})
    public int codeLength;

    private final CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
            .publicUrl(PUBLIC_URL)
            .signingKey("2026-11", SECRET)
            .set("pending.enabled", "false")
            .set("replay.enabled", "false")
            .clock(InstantSource.fixed(NOW))
            .build();
    private final IssuedCallback issued = callbacks.issue();
    private final Mac mac =
            HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, SECRET.getBytes(StandardCharsets.UTF_8));
    private final MessageDigest sha256 = DigestUtils.getSha256Digest();
    private final byte[] message = ("v1\n2026-11\n" + issued.reference() + "\n" + NOW.getEpochSecond() + "\n"
                    + PUBLIC_URL)
            .getBytes(StandardCharsets.UTF_8);
    private final byte[] blocks = new byte[blocksOfHmac(message) * BLOCK_BYTES - PADDING_BYTES];

    private final SignatureScheme scheme = SignatureScheme.of(callbacks.settings());
    private final String genuineToken = issued.url().substring(issued.url().indexOf('=') + 1);
    private final String forgedToken = forge(genuineToken);

    private QueryRequest genuine = new QueryRequest("138.201.1.1", "");
    private QueryRequest forged = genuine;

    /** Counts what is left of an HMAC when the key's pads were hashed ahead: the padded message, and the inner digest. */
    private static int blocksOfHmac(byte[] message) {
        int ofMessage = (message.length + PADDING_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
        return ofMessage + 1;
    }

    /** Prepares the two requests, and sees that they are told apart. */
    @Setup
    public void prepare() {
        String query = URI.create(issued.url()).getQuery() + "&" + new Payload(codeLength).parameters();
        genuine = new QueryRequest("138.201.1.1", query);
        forged = new QueryRequest("138.201.1.1", forge(query));
        boolean requestsToldApart = genuine() instanceof Verdict.Accepted && forged() instanceof Verdict.Refused;
        if (!requestsToldApart || !genuineToken().authentic() || forgedToken().authentic()) {
            throw new IllegalStateException("What is genuine and what is forged are not told apart");
        }
    }

    private static String forge(String text) {
        return text.replaceFirst("[0-9a-f]{64}", "0".repeat(64));
    }

    Proof genuineToken() {
        return read(genuineToken);
    }

    Proof forgedToken() {
        return read(forgedToken);
    }

    private Proof read(String token) {
        return Objects.requireNonNull(scheme.read(token, null, Payload.TASK_ID));
    }

    Verdict genuine() {
        return callbacks.verify(genuine);
    }

    Verdict forged() {
        return callbacks.verify(forged);
    }

    byte[] reusedMac() {
        return mac.doFinal(message);
    }

    byte[] bareSha256() {
        return sha256.digest(blocks);
    }
}
