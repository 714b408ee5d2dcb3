package io.github.captchacallback;

/**
 * Holds a task that the service has taken.
 *
 * @param taskId the service's id of the task
 * @param callback what was issued for it
 */
public record SubmittedTask(String taskId, IssuedCallback callback) {}
