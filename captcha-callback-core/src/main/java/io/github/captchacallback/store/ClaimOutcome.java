package io.github.captchacallback.store;

/** Says what became of a claim. */
public enum ClaimOutcome {
    /** The caller holds the claim until it settles or releases it, or the lease is over. */
    CLAIMED,
    /** The key was never expected, is forgotten, or is bound to another task id. */
    UNKNOWN,
    /** Another holds the claim or has settled it. */
    ALREADY_CLAIMED,
    /** Another holds the claim or has settled it, and its callback was the same to the letter. */
    REPEATED
}
