package io.github.captchacallback.signature;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads seconds since the epoch in the one form the wire allows: ASCII digits, no sign, no leading zero, no overflow. */
final class Timestamp {

    static final String SHAPE = "[1-9][0-9]{0,10}";

    private static final Pattern PATTERN = Pattern.compile(SHAPE);

    private Timestamp() {}

    static OptionalLong parse(String text) {
        return PATTERN.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
