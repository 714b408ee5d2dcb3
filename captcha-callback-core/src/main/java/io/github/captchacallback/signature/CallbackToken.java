package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Holds a token of the {@code reference} scheme, {@code v1.<key-id>.<reference>.<issued-at>.<mac>}, of which there is exactly
 * one spelling. The parts stay where they are.
 */
final class CallbackToken {

    private static final String VERSION = "v1";
    private static final String START = VERSION + ".";
    private static final int MAX_KEY_ID_LENGTH = 32;
    private static final int MIN_REFERENCE_LENGTH = 16;
    private static final int MAX_REFERENCE_LENGTH = 64;

    /** The token. In its bytes there is a line feed for each dot: up to the MAC, that is what was signed. */
    private final TokenText token;

    private final int keyIdEnd;
    private final int referenceEnd;
    private final int macStart;
    private final long issuedAt;
    private final HexMac mac;

    private CallbackToken(TokenText token, int keyIdEnd, int referenceEnd, int macStart, long issuedAt, HexMac mac) {
        this.token = token;
        this.keyIdEnd = keyIdEnd;
        this.referenceEnd = referenceEnd;
        this.macStart = macStart;
        this.issuedAt = issuedAt;
        this.mac = mac;
    }

    /** Takes a token apart, or returns null where it has another shape. */
    static @Nullable CallbackToken parse(TokenText token) {
        byte[] bytes = token.bytes();
        int macStart = token.to() - HexMac.LENGTH;
        int keyIdStart = token.from() + START.length();
        if (macStart <= keyIdStart || !token.text().startsWith(START, token.from())) {
            return null;
        }
        int keyIdEnd = wordEnd(bytes, keyIdStart, macStart, 1, MAX_KEY_ID_LENGTH);
        int referenceEnd =
                keyIdEnd < 0 ? -1 : wordEnd(bytes, keyIdEnd + 1, macStart, MIN_REFERENCE_LENGTH, MAX_REFERENCE_LENGTH);
        int issuedAtEnd = macStart - 1;
        if (referenceEnd < 0 || bytes[issuedAtEnd] != '.') {
            return null;
        }
        long issuedAt = Timestamp.parse(bytes, referenceEnd + 1, issuedAtEnd);
        HexMac mac = HexMac.parse(bytes, macStart, token.to());
        if (issuedAt == Timestamp.MALFORMED || mac == null) {
            return null;
        }
        bytes[keyIdStart - 1] = '\n';
        bytes[keyIdEnd] = '\n';
        bytes[referenceEnd] = '\n';
        bytes[issuedAtEnd] = '\n';
        return new CallbackToken(token, keyIdEnd, referenceEnd, macStart, issuedAt, mac);
    }

    /** Returns where a word of the base64url alphabet ends at a dot; -1 where it does not, or is too short or too long. */
    private static int wordEnd(byte[] ascii, int from, int to, int minLength, int maxLength) {
        int end = Base64Url.endOf(ascii, from, to);
        boolean fits = end - from >= minLength && end - from <= maxLength;
        return fits && end < to && ascii[end] == '.' ? end : -1;
    }

    /**
     * Makes a token. What is signed are its fields and the audience with line feeds between them, which no field but the last
     * can hold, so that no two sets of fields sign alike.
     */
    static String sign(SigningKey key, String reference, long issuedAt, byte[] audience) {
        String signed = String.join("\n", VERSION, key.id(), reference, Long.toString(issuedAt), "");
        byte[] ascii = signed.getBytes(StandardCharsets.US_ASCII);
        return signed.replace('\n', '.')
                + key.mac(ascii, 0, ascii.length, audience).text();
    }

    /** Returns the id of the key of the ring that has signed this token for this audience; null where none has. */
    @Nullable
    String signer(SigningKeys keys, byte[] audience) {
        SigningKey key = keys.find(token.text(), token.from() + START.length(), keyIdEnd);
        HexMac expected = key.mac(token.bytes(), token.from(), macStart, audience);
        return expected.matches(mac) && !keys.isDecoy(key) ? key.id() : null;
    }

    String reference() {
        return token.text().substring(keyIdEnd + 1, referenceEnd);
    }

    /** Returns when the token was issued, in seconds since the epoch. */
    long issuedAt() {
        return issuedAt;
    }

    /** Returns the parts without the MAC, since whoever reads it in a log could send it. */
    @Override
    public String toString() {
        return "CallbackToken[" + token.text().substring(token.from(), macStart) + "***]";
    }
}
