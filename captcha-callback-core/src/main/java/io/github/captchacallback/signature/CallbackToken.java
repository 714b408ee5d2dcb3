package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parts of a token of the {@code reference} scheme,
 * {@code v1.<key-id>.<reference>.<issued-at>.<mac>}, of which there is exactly one spelling.
 */
record CallbackToken(String keyId, String reference, long issuedAt, String mac) {

    private static final Pattern SHAPE = Pattern.compile("v1\\.([A-Za-z0-9_-]{1,32})\\.([A-Za-z0-9_-]{16,64})\\.("
            + Timestamp.SHAPE + ")\\.(" + SignatureScheme.MAC_SHAPE + ")");

    /** Takes a token apart, or returns null where it has another shape. */
    static @Nullable CallbackToken parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        return new CallbackToken(
                matcher.group(1), matcher.group(2), Long.parseLong(matcher.group(3)), matcher.group(4));
    }

    static CallbackToken sign(SigningKey key, String reference, long issuedAt, String audience) {
        String mac = key.sign(message(key.id(), reference, issuedAt, audience));
        return new CallbackToken(key.id(), reference, issuedAt, mac);
    }

    byte[] message(String audience) {
        return message(keyId, reference, issuedAt, audience);
    }

    /** Joins the signed fields with a separator that none of the first four can hold, so that no two sets sign alike. */
    private static byte[] message(String keyId, String reference, long issuedAt, String audience) {
        return ("v1\n" + keyId + "\n" + reference + "\n" + issuedAt + "\n" + audience).getBytes(StandardCharsets.UTF_8);
    }

    String text() {
        return "v1." + keyId + "." + reference + "." + issuedAt + "." + mac;
    }

    /** Returns the parts without the MAC, since whoever reads it in a log could send it. */
    @Override
    public String toString() {
        return "CallbackToken[v1." + keyId + "." + reference + "." + issuedAt + ".***]";
    }
}
