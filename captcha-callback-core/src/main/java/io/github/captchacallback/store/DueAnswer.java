package io.github.captchacallback.store;

import java.time.Duration;

/**
 * Represents a kept answer that was taken for one attempt to deliver it.
 *
 * <p><b>Security notes.</b> The answer is a secret; {@link #toString()} does not show it.
 *
 * @param key the key of the callback
 * @param taskId the service's id of the task
 * @param answer the text that was kept, as it was handed over
 * @param lease the id under which it is settled, retried, released, renewed or buried
 * @param attempts how many attempts have begun, this one included; at least 1
 * @param age how long ago the answer was accepted
 */
public record DueAnswer(String key, String taskId, String answer, long lease, int attempts, Duration age) {

    /** Returns key, task id, attempts and age, and not the answer. */
    @Override
    public String toString() {
        return "DueAnswer[" + key + ", task " + taskId + ", attempt " + attempts + ", " + age.toMillis() + " ms old]";
    }
}
