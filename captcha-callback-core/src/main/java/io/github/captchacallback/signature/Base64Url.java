package io.github.captchacallback.signature;

/** Knows the alphabet of base64url (RFC 4648, section 5), of which key ids and references are made. */
final class Base64Url {

    private static final boolean[] ALPHABET = new boolean[256];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
                .chars()
                .forEach(c -> ALPHABET[c] = true);
    }

    private Base64Url() {}

    /** Returns the first index, from one on, at which a part of a text has another character, or ends. */
    static int endOf(byte[] ascii, int from, int to) {
        int end = from;
        while (end < to && ALPHABET[ascii[end] & 0xff]) {
            end++;
        }
        return end;
    }
}
