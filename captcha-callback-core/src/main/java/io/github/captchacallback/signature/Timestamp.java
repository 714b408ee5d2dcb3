package io.github.captchacallback.signature;

/** Reads seconds since the epoch in the one form the wire allows: ASCII digits, no sign, no leading zero, no overflow. */
final class Timestamp {

    /** Stands for a text of another form; no timestamp is negative. */
    static final long MALFORMED = -1;

    private static final int MAX_DIGITS = 11;

    private Timestamp() {}

    static long parse(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || text.charAt(0) == '0') {
            return MALFORMED;
        }
        long seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return MALFORMED;
            }
            seconds = seconds * 10 + digit - '0';
        }
        return seconds;
    }
}
