package io.github.captchacallback.signature;

/** Knows the alphabet of base64url (RFC 4648, section 5), of which key ids and references are made. */
final class Base64Url {

    private static final boolean[] ALPHABET = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
                .chars()
                .forEach(c -> ALPHABET[c] = true);
    }

    private Base64Url() {}

    /** Returns the first index, from one on, at which a text has another character, or ends. */
    static int endOf(String text, int from) {
        int end = from;
        while (end < text.length() && contains(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean contains(char c) {
        return c < ALPHABET.length && ALPHABET[c];
    }
}
