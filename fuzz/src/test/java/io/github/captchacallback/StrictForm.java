package io.github.captchacallback;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads forms with the JDK's decoder, and refuses what that one lets pass: it mends broken UTF-8, and takes %-1. */
final class StrictForm {

    private static final Pattern BROKEN_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final char REPLACEMENT = '\ufffd';
    private static final String ENCODED_REPLACEMENT = "%ef%bf%bd";

    private StrictForm() {}

    /** Holds a name and its value as they were sent. */
    record Pair(String rawName, String rawValue) {

        @Nullable
        String name() {
            return decode(rawName);
        }

        @Nullable
        String value() {
            return decode(rawValue);
        }
    }

    static List<Pair> pairs(String text) {
        List<Pair> pairs = new ArrayList<>();
        for (String part : text.split("&", -1)) {
            if (!part.isEmpty()) {
                String[] nameAndValue = part.split("=", 2);
                pairs.add(new Pair(nameAndValue[0], nameAndValue.length < 2 ? "" : nameAndValue[1]));
            }
        }
        return pairs;
    }

    /** Decodes once; returns null where a percent sign or the UTF-8 behind it is broken. */
    static @Nullable String decode(String raw) {
        String ascii = escapeBytes(raw);
        if (ascii == null || BROKEN_PERCENT.matcher(ascii).find()) {
            return null;
        }
        String decoded = URLDecoder.decode(ascii, StandardCharsets.UTF_8);
        long replaced = decoded.chars().filter(c -> c == REPLACEMENT).count();
        long meant = ascii.toLowerCase(Locale.ROOT).split(ENCODED_REPLACEMENT, -1).length - 1L;
        return replaced == meant ? decoded : null;
    }

    /** Writes raw bytes beyond ASCII with percent signs, as they ought to have come; null where there is more than bytes. */
    private static @Nullable String escapeBytes(String raw) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c > 0xff) {
                return null;
            }
            if (c < 0x80) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HexFormat.of().toHexDigits((byte) c));
            }
        }
        return escaped.toString();
    }
}
