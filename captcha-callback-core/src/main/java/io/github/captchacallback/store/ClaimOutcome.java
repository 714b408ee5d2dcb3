package io.github.captchacallback.store;

import java.time.Duration;

/** Represents the result of a claim. */
public sealed interface ClaimOutcome {

    /** The caller has the claim until it settles or releases it, or the lease is over. */
    record Claimed() implements ClaimOutcome {}

    /** The key was never expected, was forgotten, or is bound to another task id. */
    record Unknown() implements ClaimOutcome {}

    /**
     * Another claim is being worked on.
     *
     * @param remaining how long its lease runs at most; zero if that cannot be told
     */
    record InProgress(Duration remaining) implements ClaimOutcome {}

    /**
     * The claim was settled before.
     *
     * @param repeated whether the settled callback had the same fingerprint
     */
    record Settled(boolean repeated) implements ClaimOutcome {}
}
