package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Knows a MAC's one spelling on the wire: HMAC-SHA-256 as 64 digits of lower-case hex. */
final class HexMac {

    static final int LENGTH = 64;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private HexMac() {}

    static String format(byte[] mac) {
        return HexFormat.of().formatHex(mac);
    }

    /** Says whether a text has the form of a MAC, and nothing else, from an index on. */
    static boolean isWellFormed(String text, int from) {
        return text.length() - from == LENGTH && AsciiSet.LOWER_HEX.endOf(text, from) == text.length();
    }

    /**
     * Compares a MAC with its well-formed text from an index on: as text, since decoding could have a second spelling pass,
     * and in constant time. As in {@link java.security.MessageDigest#isEqual}, every digit is looked at and nothing branches
     * on what it is; that method would ask for two copies.
     */
    static boolean matches(byte[] mac, String text, int from) {
        int difference = 0;
        for (int i = 0; i < mac.length; i++) {
            difference |= text.charAt(from + 2 * i) ^ DIGITS[mac[i] >> 4 & 0xf];
            difference |= text.charAt(from + 2 * i + 1) ^ DIGITS[mac[i] & 0xf];
        }
        return difference == 0;
    }
}
