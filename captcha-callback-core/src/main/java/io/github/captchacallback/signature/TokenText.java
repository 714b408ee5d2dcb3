package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;

/**
 * Shows a token where it stands in a text, as characters and as bytes, so that a flood of forgeries is read without a copy of
 * each. It is read once: a scheme writes into the bytes.
 */
public final class TokenText {

    private final String text;
    private final byte[] bytes;
    private final int from;
    private final int to;

    /**
     * Shows a part of a text.
     *
     * @param text the text
     * @param bytes its characters, one a byte; it may be written into
     * @param from the index of the token's first character
     * @param to the index behind its last one
     */
    public TokenText(String text, byte[] bytes, int from, int to) {
        this.text = text;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /**
     * Shows a token that is a text of its own. What is no byte becomes a question mark, which no token has; two characters
     * may become one, so that only the bytes tell how long it is.
     */
    public static TokenText of(String token) {
        byte[] bytes = token.getBytes(StandardCharsets.ISO_8859_1);
        return new TokenText(token, bytes, 0, bytes.length);
    }

    String text() {
        return text;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Returns a fixed text, since a token is as good as the callback. */
    @Override
    public String toString() {
        return "TokenText[***]";
    }
}
