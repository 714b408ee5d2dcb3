package io.github.captchacallback.delivery;

import java.io.Serial;

/**
 * Signals that a handler cannot take a callback, and that trying again would not help: its order was cancelled, or its
 * solution is too old. The answer becomes a dead letter at once.
 *
 * <p><b>Security notes.</b> The message is logged, stored and shown to operators. Do not put the answer into it.
 */
public class DoNotRetryException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message why, without the answer
     */
    public DoNotRetryException(String message) {
        super(message);
    }

    /**
     * Makes an exception with its cause.
     *
     * @param message why, without the answer
     * @param cause what happened
     */
    public DoNotRetryException(String message, Throwable cause) {
        super(message, cause);
    }
}
