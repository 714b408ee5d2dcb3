package io.github.captchacallback.store;

import java.io.Serial;

/** Signals that a store has no room for another entry. It recovers as entries expire; until then new callbacks get a 503. */
public class CallbackStoreFullException extends CallbackStoreException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Makes an exception that says how much the store can remember; the message contains nothing from outside. */
    public CallbackStoreFullException(String message) {
        super(message);
    }
}
