package io.github.captchacallback.signature;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Represents a MAC, HMAC-SHA-256. It has one spelling on the wire: 64 digits of lower-case hex. */
final class Mac {

    private static final int DIGITS = 64;

    private final byte[] bytes;

    /** Wraps the bytes of a MAC, which are not changed afterwards. */
    Mac(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the text of the wire; returns null if it has another shape. */
    static @Nullable Mac parse(String text) {
        if (text.length() != DIGITS) {
            return null;
        }
        byte[] bytes = new byte[DIGITS / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = digit(text.charAt(2 * i));
            int low = digit(text.charAt(2 * i + 1));
            if (high < 0 || low < 0) {
                return null;
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return new Mac(bytes);
    }

    /** Returns the value of a digit; negative for any other character, a capital letter included. */
    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /** Compares in constant time. */
    boolean matches(Mac other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** Returns the text of the wire. */
    String text() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns a fixed text: whoever has a MAC can send the callback. */
    @Override
    public String toString() {
        return "Mac[***]";
    }
}
