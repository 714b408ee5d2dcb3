package io.github.captchacallback.store;

import java.time.Duration;

/**
 * Describes a claim. Times are durations, so that the store decides by its own clock.
 *
 * @param key the reference, or the task id
 * @param taskId the task id that the callback carries
 * @param fingerprint a digest of what the callback carries, by which a repeat is told from another callback
 * @param lease an id that no other claim has; the same claim is asked for again under the same one
 * @param leaseFor how long the lease runs unless it is renewed
 * @param keep how long the claim is remembered at least: until no token for the key can be used any more
 */
public record ClaimRequest(
        String key, String taskId, String fingerprint, long lease, Duration leaseFor, Duration keep) {

    /**
     * Checks the durations.
     *
     * @throws IllegalArgumentException if one is not positive: a claim that is forgotten at once excludes nobody
     */
    public ClaimRequest {
        if (leaseFor.isZero() || leaseFor.isNegative() || keep.isZero() || keep.isNegative()) {
            throw new IllegalArgumentException(
                    "A claim must last: its lease is " + leaseFor + ", it is kept for " + keep);
        }
    }
}
