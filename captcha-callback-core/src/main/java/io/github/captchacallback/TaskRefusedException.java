package io.github.captchacallback;

import java.io.Serial;

/**
 * Signals that the service has refused a task, so that no task exists and no callback will come. A
 * {@link Submission} throws it if the service's answer clearly says so, such as {@code ERROR_ZERO_BALANCE}. After
 * any other failure, a timeout for example, the task may exist, and its callback stays expected.
 */
public class TaskRefusedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Makes an exception with what the service answered. */
    public TaskRefusedException(String message) {
        super(message);
    }

    /** Makes an exception with what the service answered, and what was thrown for it. */
    public TaskRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
