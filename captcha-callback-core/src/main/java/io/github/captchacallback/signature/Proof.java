package io.github.captchacallback.signature;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says what a well-formed callback has shown of where its URL comes from.
 *
 * @param authentic whether one of our keys signed it, or nothing is signed by configuration
 * @param keyId the key that signed it; null where none did
 * @param claimKey what the store knows the callback by: its reference, or its task id
 * @param issuedAt when its URL was issued, in whole seconds; null where the scheme carries no time
 */
public record Proof(
        boolean authentic,
        @Nullable String keyId,
        String claimKey,
        @Nullable Instant issuedAt) {}
