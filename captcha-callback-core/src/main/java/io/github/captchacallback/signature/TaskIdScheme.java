package io.github.captchacallback.signature;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Signs the task id itself, for a caller that learns it before the callback URL is made: the form of the service's own
 * tutorial.
 *
 * @param keys the ring; as the token names no key, all of them are tried, every time
 * @param timed whether a timestamp is signed with the id
 */
public record TaskIdScheme(SigningKeys keys, boolean timed) implements SignatureScheme {

    @Override
    public boolean needsTaskId() {
        return true;
    }

    @Override
    public UrlValues issue(String claimKey, long issuedAt) {
        String timestamp = timed ? Long.toString(issuedAt) : null;
        return new UrlValues(keys.active().mac(message(claimKey, timestamp)).text(), timestamp);
    }

    @Override
    public @Nullable Proof read(@Nullable String token, @Nullable String timestamp, @Nullable String taskId) {
        Mac mac = token == null ? null : Mac.parse(token);
        if (mac == null || taskId == null) {
            return null;
        }
        long issuedAt = timestamp == null ? Timestamp.MALFORMED : Timestamp.parse(timestamp);
        if (timed && issuedAt == Timestamp.MALFORMED) {
            return null;
        }
        String signer = keys.signer(message(taskId, timed ? timestamp : null), mac);
        return new Proof(signer != null, signer, taskId, timed ? Instant.ofEpochSecond(issuedAt) : null);
    }

    private static byte[] message(String taskId, @Nullable String timestamp) {
        return (timestamp == null ? taskId : taskId + "\n" + timestamp).getBytes(StandardCharsets.UTF_8);
    }
}
