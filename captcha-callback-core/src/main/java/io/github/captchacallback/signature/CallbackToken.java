package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Holds a token of the {@code reference} scheme, {@code v1.<key-id>.<reference>.<issued-at>.<mac>}, of which there is exactly
 * one spelling. The parts stay where they are: a flood of forgeries is read without a copy of each.
 */
final class CallbackToken {

    private static final String VERSION = "v1";
    private static final int KEY_ID_START = VERSION.length() + 1;
    private static final int MAX_KEY_ID_LENGTH = 32;
    private static final int MIN_REFERENCE_LENGTH = 16;
    private static final int MAX_REFERENCE_LENGTH = 64;

    /** The whole token. */
    private final String text;

    /** What was signed, with a line feed for each dot, and then the MAC's digits. */
    private final byte[] signed;

    private final int keyIdEnd;
    private final int referenceEnd;
    private final int issuedAtEnd;
    private final long issuedAt;
    private final HexMac mac;

    private CallbackToken(
            String text, byte[] signed, int keyIdEnd, int referenceEnd, int issuedAtEnd, long issuedAt, HexMac mac) {
        this.text = text;
        this.signed = signed;
        this.keyIdEnd = keyIdEnd;
        this.referenceEnd = referenceEnd;
        this.issuedAtEnd = issuedAtEnd;
        this.issuedAt = issuedAt;
        this.mac = mac;
    }

    /** Takes a token apart, or returns null where it has another shape. */
    static @Nullable CallbackToken parse(String text) {
        if (!text.startsWith(VERSION + ".")) {
            return null;
        }
        int keyIdEnd = wordEnd(text, KEY_ID_START, 1, MAX_KEY_ID_LENGTH);
        int referenceEnd = keyIdEnd < 0 ? -1 : wordEnd(text, keyIdEnd + 1, MIN_REFERENCE_LENGTH, MAX_REFERENCE_LENGTH);
        int issuedAtEnd = referenceEnd < 0 ? -1 : text.indexOf('.', referenceEnd + 1);
        if (issuedAtEnd < 0) {
            return null;
        }
        // What this cannot encode becomes a question mark, which is no digit.
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        HexMac mac = HexMac.parse(ascii, issuedAtEnd + 1);
        long issuedAt = Timestamp.parse(text, referenceEnd + 1, issuedAtEnd);
        if (mac == null || issuedAt == Timestamp.MALFORMED) {
            return null;
        }
        ascii[VERSION.length()] = '\n';
        ascii[keyIdEnd] = '\n';
        ascii[referenceEnd] = '\n';
        ascii[issuedAtEnd] = '\n';
        return new CallbackToken(text, ascii, keyIdEnd, referenceEnd, issuedAtEnd, issuedAt, mac);
    }

    /** Returns where a word of the base64url alphabet ends at a dot; -1 where it does not, or is too short or too long. */
    private static int wordEnd(String text, int from, int minLength, int maxLength) {
        int end = Base64Url.endOf(text, from);
        boolean fits = end - from >= minLength && end - from <= maxLength;
        return fits && end < text.length() && text.charAt(end) == '.' ? end : -1;
    }

    /**
     * Makes a token. What is signed are its fields and the audience with line feeds between them, which no field but the last
     * can hold, so that no two sets of fields sign alike.
     */
    static String sign(SigningKey key, String reference, long issuedAt, byte[] audience) {
        String signed = String.join("\n", VERSION, key.id(), reference, Long.toString(issuedAt), "");
        byte[] ascii = signed.getBytes(StandardCharsets.US_ASCII);
        return signed.replace('\n', '.')
                + key.mac(ascii, ascii.length, audience).text();
    }

    /** Returns the id of the key of the ring that has signed this token for this audience; null where none has. */
    @Nullable
    String signer(SigningKeys keys, byte[] audience) {
        SigningKey key = keys.find(text, KEY_ID_START, keyIdEnd);
        boolean matches = key.mac(signed, macStart(), audience).matches(mac);
        return matches && !keys.isDecoy(key) ? key.id() : null;
    }

    String reference() {
        return text.substring(keyIdEnd + 1, referenceEnd);
    }

    /** Returns when the token was issued, in seconds since the epoch. */
    long issuedAt() {
        return issuedAt;
    }

    private int macStart() {
        return issuedAtEnd + 1;
    }

    /** Returns the parts without the MAC, since whoever reads it in a log could send it. */
    @Override
    public String toString() {
        return "CallbackToken[" + text.substring(0, macStart()) + "***]";
    }
}
