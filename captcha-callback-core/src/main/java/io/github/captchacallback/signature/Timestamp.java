package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;

/** Reads seconds since the epoch in the one form the wire allows: ASCII digits, no sign, no leading zero, no overflow. */
final class Timestamp {

    /** Stands for a text of another form; no timestamp is negative. */
    static final long MALFORMED = -1;

    private static final int MAX_DIGITS = 11;

    private Timestamp() {}

    static long parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parse(bytes, 0, bytes.length);
    }

    /** Reads a part of a text, which is malformed too where it ends before it begins. */
    static long parse(byte[] ascii, int from, int to) {
        if (from >= to || to - from > MAX_DIGITS || ascii[from] == '0') {
            return MALFORMED;
        }
        long seconds = 0;
        for (int i = from; i < to; i++) {
            byte digit = ascii[i];
            if (digit < '0' || digit > '9') {
                return MALFORMED;
            }
            seconds = seconds * 10 + digit - '0';
        }
        return seconds;
    }
}
