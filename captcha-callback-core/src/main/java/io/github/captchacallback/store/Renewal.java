package io.github.captchacallback.store;

/** Represents the result of renewing a lease. */
public enum Renewal {
    /** The caller has the claim, and its lease starts anew. */
    HELD,
    /** The claim is settled or released, or another claim has taken its place. */
    LOST,
    /** The store has forgotten the key, and cannot say who had it last. */
    FORGOTTEN
}
