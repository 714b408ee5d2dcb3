package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;

/** Signs with one secret of the ring, under the id by which a token names it. */
final class SigningKey {

    private final String id;
    private final HmacSha256 hmac;

    SigningKey(String id, byte[] secret) {
        this.id = id;
        this.hmac = new HmacSha256(secret);
    }

    String id() {
        return id;
    }

    /** Returns the MAC as the wire has it, in lower-case hex. */
    String sign(byte[] message) {
        return Hex.encodeHexString(hmac.mac(message));
    }

    /** Compares the MAC's text in constant time; no decoding, so that no second spelling of it passes. */
    boolean signed(byte[] message, String mac) {
        return MessageDigest.isEqual(ascii(sign(message)), ascii(mac));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
