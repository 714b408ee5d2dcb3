package io.github.captchacallback.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents the parameters of a query or a form body in their order, each decoded once: percent signs as UTF-8, a plus sign
 * as a space. Immutable.
 */
public final class FormParameters {

    private final List<Parameter> parameters;

    /** Wraps a list that nobody changes any more. */
    private FormParameters(List<Parameter> parameters) {
        this.parameters = Collections.unmodifiableList(parameters);
    }

    /**
     * One parameter.
     *
     * @param name the name; null if it decodes to nothing valid
     * @param value the value, empty if there is none; null if it decodes to nothing valid
     */
    public record Parameter(@Nullable String name, @Nullable String value) {

        /** Returns a fixed text: what a parameter contains comes from outside. */
        @Override
        public String toString() {
            return "Parameter[***]";
        }
    }

    /**
     * Reads a query as it was sent, one byte per character.
     *
     * @param query the query without its question mark; null if there is none
     */
    public static FormParameters ofQuery(@Nullable String query) {
        return new FormParameters(read(query == null ? "" : query));
    }

    /** Reads a body of type {@code application/x-www-form-urlencoded}. */
    public static FormParameters ofBody(byte[] body) {
        return new FormParameters(read(new String(body, StandardCharsets.ISO_8859_1)));
    }

    /** Returns these parameters, and others after them. */
    public FormParameters and(FormParameters others) {
        if (others.parameters.isEmpty()) {
            return this;
        }
        if (parameters.isEmpty()) {
            return others;
        }
        List<Parameter> all = new ArrayList<>(parameters);
        all.addAll(others.parameters);
        return new FormParameters(all);
    }

    /** Returns the parameters, in the order in which they were sent. */
    public List<Parameter> all() {
        return parameters;
    }

    private static List<Parameter> read(String text) {
        boolean plain = text.indexOf('%') < 0 && text.indexOf('+') < 0 && isAscii(text);
        List<Parameter> parameters = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int ampersand = text.indexOf('&', start);
            int end = ampersand < 0 ? text.length() : ampersand;
            if (start < end) {
                parameters.add(parameter(text, start, end, plain));
            }
            start = end + 1;
        }
        return parameters;
    }

    private static Parameter parameter(String text, int start, int end, boolean plain) {
        int equalsSign = text.indexOf('=', start);
        boolean hasValue = equalsSign >= 0 && equalsSign < end;
        String name = text.substring(start, hasValue ? equalsSign : end);
        String value = hasValue ? text.substring(equalsSign + 1, end) : "";
        return plain ? new Parameter(name, value) : new Parameter(decode(name), decode(value));
    }

    /** Every other character takes more than one byte in UTF-8. */
    private static boolean isAscii(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length == text.length();
    }

    /** Decodes strictly: two hexadecimal digits in ASCII after each percent sign, and valid UTF-8. */
    private static @Nullable String decode(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            int value = c == '+' ? ' ' : c;
            if (c == '%') {
                value = i + 2 < encoded.length() ? hexPair(encoded.charAt(i + 1), encoded.charAt(i + 2)) : -1;
                i += 2;
            }
            if (value < 0 || value > 0xff) {
                return null;
            }
            bytes[length++] = (byte) value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hexPair(char high, char low) {
        return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
                ? (HexFormat.fromHexDigit(high) << 4) | HexFormat.fromHexDigit(low)
                : -1;
    }

    /** Returns a fixed text: what the parameters contain comes from outside. */
    @Override
    public String toString() {
        return "FormParameters[***]";
    }
}
