package io.github.captchacallback;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.DecoderException;
import org.apache.commons.codec.net.URLCodec;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the parameters of a query or a form body, and decodes what is asked for, once: percent signs as UTF-8, a
 * plus sign as a space. It begins before the first parameter:
 *
 * <pre>{@code
 * while (parameters.next()) {
 *     handle(parameters.name(), parameters.value());
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class FormParameters {

    /** The bytes of the query or the body, one a character. */
    private final String text;

    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int end;
    private int following;

    private FormParameters(String text) {
        this.text = text;
    }

    /**
     * Walks through a query as it was sent, its bytes held one a character.
     *
     * @param query the query without its question mark; null where there is none
     */
    public static FormParameters ofQuery(@Nullable String query) {
        return new FormParameters(query == null ? "" : query);
    }

    /** Walks through a body of type {@code application/x-www-form-urlencoded}. */
    public static FormParameters ofBody(byte[] body) {
        return new FormParameters(new String(body, StandardCharsets.ISO_8859_1));
    }

    /** Goes on to the next parameter, and says whether there is one. */
    public boolean next() {
        while (following < text.length()) {
            nameStart = following;
            nameEnd = -1;
            end = nameStart;
            while (end < text.length() && text.charAt(end) != '&') {
                if (nameEnd < 0 && text.charAt(end) == '=') {
                    nameEnd = end;
                }
                end++;
            }
            following = end + 1;
            valueStart = nameEnd < 0 ? end : nameEnd + 1;
            nameEnd = nameEnd < 0 ? end : nameEnd;
            if (nameStart < end) {
                return true;
            }
        }
        return false;
    }

    /** Returns the parameter's name; null where it decodes to nothing valid. */
    public @Nullable String name() {
        return decode(nameStart, nameEnd);
    }

    /** Returns the parameter's value, empty where it has none; null where it decodes to nothing valid. */
    public @Nullable String value() {
        return decode(valueStart, end);
    }

    /** Says whether the name decodes to something valid. */
    boolean isNameValid() {
        return isPlain(nameStart, nameEnd) || name() != null;
    }

    boolean isNamed(String expected) {
        if (isPlain(nameStart, nameEnd)) {
            return nameEnd - nameStart == expected.length() && text.startsWith(expected, nameStart);
        }
        return expected.equals(name());
    }

    /** Says whether the name is one of the array forms, {@code name[]} or {@code name[0]}. */
    boolean isArrayOf(String expected) {
        if (isPlain(nameStart, nameEnd)) {
            int bracket = nameStart + expected.length();
            return bracket < nameEnd && text.charAt(bracket) == '[' && text.startsWith(expected, nameStart);
        }
        return String.valueOf(name()).startsWith(expected + "[");
    }

    private @Nullable String decode(int from, int to) {
        String encoded = text.substring(from, to);
        return isPlain(from, to) ? encoded : decode(encoded);
    }

    /** Says whether a part stands for itself, so that there is nothing to decode. */
    private boolean isPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '+' || c >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String decode(String encoded) {
        if (encoded.chars().anyMatch(c -> c > 0xff)) {
            return null;
        }
        try {
            byte[] bytes = URLCodec.decodeUrl(encoded.getBytes(StandardCharsets.ISO_8859_1));
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (DecoderException | CharacterCodingException e) {
            return null;
        }
    }

    /** Returns a fixed text: what the parameters hold is an outsider's. */
    @Override
    public String toString() {
        return "FormParameters[***]";
    }
}
