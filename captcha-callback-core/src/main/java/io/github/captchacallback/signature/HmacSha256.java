package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes HMAC-SHA-256 (RFC 2104, FIPS 198-1) under one key whose two pads are hashed once, ahead of every message.
 *
 * <p>A MAC then costs the message's own blocks and one more, instead of those and two for the pads; and a clone of a
 * digest is all the state a call has, so that one instance serves every thread without a lock or a thread local.
 */
final class HmacSha256 {

    private static final int BLOCK_BYTES = 64;
    private static final byte[] SELF_TEST = "captcha-callback self-test".getBytes(StandardCharsets.UTF_8);

    /** Has hashed the inner pad. Never updated again, only cloned: that is what makes sharing it safe. */
    private final MessageDigest inner;

    /** Has hashed the outer pad. Never updated again, only cloned. */
    private final MessageDigest outer;

    /**
     * Hashes the pads of a key, and compares one MAC with the platform's own implementation before any is trusted.
     *
     * @throws IllegalStateException where the platform's SHA-256 cannot be cloned or the two disagree
     */
    HmacSha256(byte[] key) {
        byte[] block = Arrays.copyOf(key.length > BLOCK_BYTES ? sha256().digest(key) : key, BLOCK_BYTES);
        inner = padded(block, (byte) 0x36);
        outer = padded(block, (byte) 0x5c);
        Arrays.fill(block, (byte) 0);
        byte[] expected = jca(key).doFinal(SELF_TEST);
        if (!MessageDigest.isEqual(expected, mac(SELF_TEST))) {
            throw new IllegalStateException("This platform's SHA-256 and HmacSHA256 disagree");
        }
    }

    byte[] mac(byte[] message) {
        byte[] innerHash = clone(inner).digest(message);
        return clone(outer).digest(innerHash);
    }

    private static MessageDigest padded(byte[] block, byte pad) {
        byte[] padded = block.clone();
        for (int i = 0; i < padded.length; i++) {
            padded[i] ^= pad;
        }
        MessageDigest digest = sha256();
        digest.update(padded);
        Arrays.fill(padded, (byte) 0);
        return digest;
    }

    private static MessageDigest clone(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("This platform's SHA-256 cannot be cloned", e);
        }
    }

    private static Mac jca(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This platform has no HmacSHA256", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This platform has no SHA-256", e);
        }
    }
}
