package io.github.captchacallback.signature;

/** Holds a set of ASCII characters as a table: whatever an outsider sends, one look decides on a character. */
final class AsciiSet {

    static final AsciiSet LOWER_HEX = new AsciiSet("0123456789abcdef");

    /** The alphabet of base64url (RFC 4648, section 5), of which key ids and references are made. */
    static final AsciiSet WORD = new AsciiSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private final boolean[] members = new boolean[128];

    private AsciiSet(String characters) {
        characters.chars().forEach(c -> members[c] = true);
    }

    /** Returns the first index, from one on, at which a text has another character, or ends. */
    int endOf(String text, int from) {
        int end = from;
        while (end < text.length() && contains(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private boolean contains(char c) {
        return c < members.length && members[c];
    }
}
