package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Represents a token of the {@code reference} scheme, {@code v1.<key-id>.<reference>.<issued-at>.<mac>}, of which there is
 * exactly one spelling.
 *
 * @param issuedAt seconds since the epoch
 */
record CallbackToken(String keyId, String reference, long issuedAt, Mac mac) {

    private static final char DOT = '.';

    private static final String VERSION = "v1";
    private static final String PREFIX = VERSION + DOT;
    private static final int MAX_KEY_ID_LENGTH = 32;
    private static final int MIN_REFERENCE_LENGTH = 16;
    private static final int MAX_REFERENCE_LENGTH = 64;

    /** Reads a token; returns null if the text has another shape. */
    static @Nullable CallbackToken parse(String token) {
        int keyIdEnd = token.indexOf(DOT, PREFIX.length());
        int referenceEnd = token.indexOf(DOT, keyIdEnd + 1);
        int issuedAtEnd = token.indexOf(DOT, referenceEnd + 1);
        boolean inFourParts = keyIdEnd > 0 && referenceEnd > keyIdEnd && issuedAtEnd > referenceEnd;
        if (!token.startsWith(PREFIX) || !inFourParts) {
            return null;
        }
        String keyId = token.substring(PREFIX.length(), keyIdEnd);
        String reference = token.substring(keyIdEnd + 1, referenceEnd);
        long issuedAt = Timestamp.parse(token.substring(referenceEnd + 1, issuedAtEnd));
        Mac mac = Mac.parse(token.substring(issuedAtEnd + 1));
        boolean wellFormed = Base64Url.isWord(keyId, 1, MAX_KEY_ID_LENGTH)
                && Base64Url.isWord(reference, MIN_REFERENCE_LENGTH, MAX_REFERENCE_LENGTH)
                && issuedAt != Timestamp.MALFORMED;
        return wellFormed && mac != null ? new CallbackToken(keyId, reference, issuedAt, mac) : null;
    }

    /** Makes a token, and signs it for an audience. */
    static String sign(SigningKey key, String reference, long issuedAt, String audience) {
        String mac = key.mac(message(key.id(), reference, issuedAt, audience)).text();
        return String.join(".", VERSION, key.id(), reference, Long.toString(issuedAt), mac);
    }

    /** Returns the id of the key of the ring that has signed this token for this audience; null if none has. */
    @Nullable
    String signer(SigningKeys keys, String audience) {
        SigningKey key = keys.find(keyId);
        boolean matches = key.mac(message(keyId, reference, issuedAt, audience)).matches(mac);
        return matches && !keys.isDecoy(key) ? keyId : null;
    }

    /**
     * Returns what is signed: the fields and the audience with line feeds between them, which no field but the last can
     * contain, so that no two sets of fields sign alike.
     */
    private static byte[] message(String keyId, String reference, long issuedAt, String audience) {
        return (VERSION + "\n" + keyId + "\n" + reference + "\n" + issuedAt + "\n" + audience)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the parts without the MAC, since whoever reads it in a log could send it. */
    @Override
    public String toString() {
        return "CallbackToken[" + String.join(".", VERSION, keyId, reference, Long.toString(issuedAt)) + ".***]";
    }
}
