package io.github.captchacallback.signature;

import org.jspecify.annotations.Nullable;

/**
 * Holds a token of the {@code reference} scheme, {@code v1.<key-id>.<reference>.<issued-at>.<mac>}, of which there is exactly
 * one spelling. The parts stay where they are: a flood of forgeries is read without a copy of each.
 *
 * @param text the whole token
 * @param keyIdEnd where the key id ends
 * @param referenceEnd where the reference ends
 * @param issuedAtEnd where the time ends
 * @param issuedAt the time, in seconds since the epoch
 */
record CallbackToken(String text, int keyIdEnd, int referenceEnd, int issuedAtEnd, long issuedAt) {

    private static final String VERSION = "v1.";
    private static final int MAX_KEY_ID_LENGTH = 32;
    private static final int MIN_REFERENCE_LENGTH = 16;
    private static final int MAX_REFERENCE_LENGTH = 64;

    /** Takes a token apart, or returns null where it has another shape. */
    static @Nullable CallbackToken parse(String text) {
        if (!text.startsWith(VERSION)) {
            return null;
        }
        int keyIdEnd = wordEnd(text, VERSION.length(), 1, MAX_KEY_ID_LENGTH);
        int referenceEnd = keyIdEnd < 0 ? -1 : wordEnd(text, keyIdEnd + 1, MIN_REFERENCE_LENGTH, MAX_REFERENCE_LENGTH);
        int issuedAtEnd = referenceEnd < 0 ? -1 : text.indexOf('.', referenceEnd + 1);
        if (issuedAtEnd < 0 || !HexMac.isWellFormed(text, issuedAtEnd + 1)) {
            return null;
        }
        long issuedAt = Timestamp.parse(text, referenceEnd + 1, issuedAtEnd);
        return issuedAt == Timestamp.MALFORMED
                ? null
                : new CallbackToken(text, keyIdEnd, referenceEnd, issuedAtEnd, issuedAt);
    }

    /** Returns where a word of the base64url alphabet ends at a dot; -1 where it does not, or is too short or too long. */
    private static int wordEnd(String text, int from, int minLength, int maxLength) {
        int end = AsciiSet.WORD.endOf(text, from);
        boolean fits = end - from >= minLength && end - from <= maxLength;
        return fits && end < text.length() && text.charAt(end) == '.' ? end : -1;
    }

    static String sign(SigningKey key, String reference, long issuedAt, byte[] audience) {
        String signedPart = VERSION + key.id() + "." + reference + "." + issuedAt + ".";
        return signedPart + key.sign(message(signedPart, signedPart.length(), audience));
    }

    /** Returns the id of the key of the ring that has signed this token for this audience; null where none has. */
    @Nullable
    String signer(SigningKeys keys, byte[] audience) {
        SigningKey key = keys.find(text, VERSION.length(), keyIdEnd);
        boolean signed = key.signed(message(text, macStart(), audience), text, macStart());
        return signed && !keys.isDecoy(key) ? key.id() : null;
    }

    /**
     * Returns the signed fields with line feeds between them, which no field but the last can hold, so that no two sets of
     * fields sign alike.
     */
    @SuppressWarnings(
            "deprecation") // All before the audience is ASCII, of which this makes one byte each, in one copy.
    private static byte[] message(String text, int length, byte[] audience) {
        byte[] message = new byte[length + audience.length];
        text.getBytes(0, length, message, 0);
        for (int i = 0; i < length; i++) {
            if (message[i] == '.') {
                message[i] = '\n';
            }
        }
        System.arraycopy(audience, 0, message, length, audience.length);
        return message;
    }

    String reference() {
        return text.substring(keyIdEnd + 1, referenceEnd);
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
