package io.github.captchacallback.store;

/** Says what became of binding a task id. */
public enum Binding {
    /** The id is bound to the key. */
    BOUND,
    /** The key is bound to another id, and stays so. */
    CONFLICT,
    /** The key is not known, or no longer. */
    UNKNOWN
}
