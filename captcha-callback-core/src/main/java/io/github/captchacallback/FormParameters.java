package io.github.captchacallback;

import io.github.captchacallback.signature.TokenText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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

    /** The text in UTF-8: its characters, one a byte, where all are ASCII. */
    private final byte[] utf8;

    /** Whether anything is escaped, which nothing is where the service sends neither blanks nor braces. */
    private final boolean escaped;

    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int end;
    private int following;

    /** The first equals sign from the parameter on, in it or behind it: looked for once, however many have none. */
    private int equalsSign = -1;

    private FormParameters(String text) {
        this.text = text;
        this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        this.escaped = text.indexOf('%') >= 0 || text.indexOf('+') >= 0;
    }

    /** Says whether all is ASCII, by a length: the JDK encodes many characters at a time, where a loop looks at one. */
    private boolean isAscii() {
        return utf8.length == text.length();
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
            end = indexOf('&', nameStart);
            following = end + 1;
            if (equalsSign < nameStart) {
                equalsSign = indexOf('=', nameStart);
            }
            nameEnd = Math.min(equalsSign, end);
            valueStart = Math.min(nameEnd + 1, end);
            if (nameStart < end) {
                return true;
            }
        }
        return false;
    }

    private int indexOf(char c, int from) {
        int index = text.indexOf(c, from);
        return index < 0 ? text.length() : index;
    }

    /** Returns the parameter's name; null where it decodes to nothing valid. */
    public @Nullable String name() {
        return decode(nameStart, nameEnd);
    }

    /** Returns the parameter's value, empty where it has none; null where it decodes to nothing valid. */
    public @Nullable String value() {
        return decode(valueStart, end);
    }

    /**
     * Returns the value of a parameter that is to be ASCII: bytes that are not are left as they are, one a character, for
     * the parameter's own form to refuse.
     */
    @Nullable
    String asciiValue() {
        return escaped ? value() : text.substring(valueStart, end);
    }

    /** Returns the value of a parameter that is to be a token, where it stands if that can be; null as elsewhere. */
    @Nullable
    TokenText tokenValue() {
        if (!escaped && isAscii()) {
            return new TokenText(text, utf8, valueStart, end);
        }
        String value = asciiValue();
        return value == null ? null : TokenText.of(value);
    }

    boolean isNamed(String expected) {
        return (nameEnd - nameStart == expected.length() && text.startsWith(expected, nameStart))
                || (escaped && expected.equals(name()));
    }

    private @Nullable String decode(int from, int to) {
        String encoded = text.substring(from, to);
        boolean plain = !escaped || (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0);
        return plain && isAscii() ? encoded : decode(encoded);
    }

    /** Decodes strictly: two hexadecimal digits in ASCII behind each percent sign, and UTF-8 without a fault. */
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

    /** Returns a fixed text: what the parameters hold is an outsider's. */
    @Override
    public String toString() {
        return "FormParameters[***]";
    }
}
