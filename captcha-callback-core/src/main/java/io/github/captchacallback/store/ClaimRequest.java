package io.github.captchacallback.store;

import java.time.Instant;

/**
 * Asks for a claim.
 *
 * @param key the reference, or the task id
 * @param taskId the task id that the callback carries
 * @param fingerprint a digest of what the callback carries, by which a repeat is told from another callback
 * @param lease an id of this claim that no other claim has
 * @param leaseUntil when the lease ends, unless it is renewed
 * @param retainUntil until when the claim is remembered at the least; later than {@code leaseUntil} wherever a token could
 *     still be used
 * @param expectedOnly whether a key that the store has not seen is unknown; else it is recorded
 * @param oneTime whether the claim excludes others; else it only checks what is expected
 */
public record ClaimRequest(
        String key,
        String taskId,
        String fingerprint,
        long lease,
        Instant leaseUntil,
        Instant retainUntil,
        boolean expectedOnly,
        boolean oneTime) {}
