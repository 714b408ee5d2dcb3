package io.github.captchacallback.signature;

/** Reads seconds since the epoch in the one form the wire allows: ASCII digits, no sign, no leading zero, no overflow. */
final class Timestamp {

    /** Stands for a text of another form; no timestamp is negative. */
    static final long MALFORMED = -1;

    private static final int MAX_DIGITS = 11;

    private Timestamp() {}

    static long parse(String text) {
        return parse(text, 0, text.length());
    }

    /** Reads a part of a text. */
    static long parse(String text, int from, int to) {
        if (from == to || to - from > MAX_DIGITS || text.charAt(from) == '0') {
            return MALFORMED;
        }
        long seconds = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return MALFORMED;
            }
            seconds = seconds * 10 + digit - '0';
        }
        return seconds;
    }
}
