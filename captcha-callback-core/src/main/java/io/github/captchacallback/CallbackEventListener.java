package io.github.captchacallback;

/**
 * Is told of every verdict and every step in the life of a reference, for metrics, audit and tests.
 *
 * <p>It is called on the thread that verifies, by several threads at once, and should return soon. What it throws is
 * logged and changes no verdict.
 */
@FunctionalInterface
public interface CallbackEventListener {

    /** Is called after the fact. */
    void on(CallbackEvent event);
}
