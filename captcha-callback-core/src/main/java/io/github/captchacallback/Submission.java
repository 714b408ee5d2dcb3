package io.github.captchacallback;

/**
 * Sends a task to the service.
 *
 * @param <E> what it throws if that fails
 */
@FunctionalInterface
public interface Submission<E extends Exception> {

    /**
     * Sends a task.
     *
     * @param issued its URL is what goes out as pingback
     * @return the task id in the service's answer
     * @throws TaskRefusedException if the service's answer says that it has not taken the task
     * @throws E if the task could not be sent, or the answer did not arrive
     */
    String submit(IssuedCallback issued) throws E;
}
