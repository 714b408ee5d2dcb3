package io.github.captchacallback.spring;

import java.io.Serial;

/** Is thrown at startup if the beans and mappings of an application would leave callbacks unguarded, or unhandled. */
public final class CallbackWiringException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String action;

    /**
     * Makes an exception.
     *
     * @param problem what is wrong, without a full stop
     * @param action what to change, without a full stop
     */
    public CallbackWiringException(String problem, String action) {
        super(problem + ". " + action + ".");
        this.problem = problem;
        this.action = action;
    }

    /** Returns what is wrong. */
    public String problem() {
        return problem;
    }

    /** Returns what to change. */
    public String action() {
        return action;
    }
}
