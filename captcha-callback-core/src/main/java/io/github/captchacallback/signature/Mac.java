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
        return text.length() == DIGITS && isLowerCaseHex(text)
                ? new Mac(HexFormat.of().parseHex(text))
                : null;
    }

    private static boolean isLowerCaseHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (!digit) {
                return false;
            }
        }
        return true;
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
