package io.github.captchacallback.store;

import java.io.Serial;

/** Signals that a store is unavailable. A callback that meets it is answered with 503, and is not accepted. */
public class CallbackStoreException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with the store; the message holds nothing from outside. */
    public CallbackStoreException(String message) {
        super(message);
    }

    /** Says what is wrong with the store; the message holds nothing from outside. */
    public CallbackStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
