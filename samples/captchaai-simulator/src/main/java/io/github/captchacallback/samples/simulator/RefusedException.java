package io.github.captchacallback.samples.simulator;

import org.jspecify.annotations.Nullable;

/** Ends a request with an error code of the service, and a sentence where the code alone does not name the mend. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;

    RefusedException(String code, @Nullable String text) {
        super(text);
        this.code = code;
    }

    static RefusedException badParameters(String text) {
        return new RefusedException("ERROR_BAD_PARAMETERS", text);
    }

    String code() {
        return code;
    }
}
