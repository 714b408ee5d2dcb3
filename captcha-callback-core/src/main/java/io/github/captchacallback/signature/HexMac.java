package io.github.captchacallback.signature;

import java.security.MessageDigest;
import java.util.HexFormat;

/** Knows a MAC's one spelling on the wire: HMAC-SHA-256 as 64 digits of lower-case hex. */
final class HexMac {

    static final int LENGTH = 64;

    private static final HexFormat HEX = HexFormat.of();

    private HexMac() {}

    static String format(byte[] mac) {
        return HEX.formatHex(mac);
    }

    /** Says whether a text has the form of a MAC, and nothing else, from an index on. */
    static boolean isWellFormed(String text, int from) {
        if (text.length() - from != LENGTH) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Compares a MAC with its well-formed text from an index on: as text, since decoding could have a second spelling pass,
     * and in constant time, all digits whatever the first ones are.
     */
    static boolean matches(byte[] mac, String text, int from) {
        byte[] expected = new byte[LENGTH];
        byte[] presented = new byte[LENGTH];
        for (int i = 0; i < mac.length; i++) {
            expected[2 * i] = (byte) HEX.toHighHexDigit(mac[i]);
            expected[2 * i + 1] = (byte) HEX.toLowHexDigit(mac[i]);
            presented[2 * i] = (byte) text.charAt(from + 2 * i);
            presented[2 * i + 1] = (byte) text.charAt(from + 2 * i + 1);
        }
        return MessageDigest.isEqual(expected, presented);
    }
}
