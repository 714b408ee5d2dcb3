package io.github.captchacallback;

import io.github.captchacallback.provider.TaskResult;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Represents a genuine callback.
 *
 * @param taskId the service's id of the task
 * @param result how the task ended: a solution or a failure
 * @param reference our reference of the submission; the task id if the scheme has no reference
 * @param issuedAt when the callback URL was issued; null if the scheme carries no time
 * @param receivedAt when the callback arrived
 */
public record Callback(
        String taskId,
        TaskResult result,
        String reference,
        @Nullable Instant issuedAt,
        Instant receivedAt) implements Serializable {

    @Serial
    private static final long serialVersionUID = 2L;

    /**
     * Checks that nothing is missing.
     *
     * @throws NullPointerException if a part other than {@code issuedAt} is null, as when a framework binds the record from
     *     request parameters
     */
    public Callback {
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(receivedAt, "receivedAt");
    }

    /** Reports whether the task was solved, so that there is a {@link #solution()}. */
    public boolean solved() {
        return result instanceof TaskResult.Solution;
    }

    /**
     * Returns the solution, such as a reCAPTCHA token.
     *
     * @throws IllegalStateException if the task failed; ask {@link #solved()} first
     */
    public String solution() {
        if (result instanceof TaskResult.Solution solution) {
            return solution.text();
        }
        throw new IllegalStateException("Task " + taskId + " has no solution: " + result);
    }

    /** Returns the service's error code, such as {@code ERROR_CAPTCHA_UNSOLVABLE}, if the task failed. */
    public Optional<String> error() {
        return result instanceof TaskResult.Failure failure ? Optional.of(failure.errorCode()) : Optional.empty();
    }

    /**
     * Returns how old the callback is. Solutions expire, a reCAPTCHA token after about two minutes, so a handler that was tried
     * again can see whether the work is still worth its while.
     *
     * @param now the time
     * @return zero or more, also if the clocks of two nodes differ
     */
    public Duration age(Instant now) {
        Duration age = Duration.between(receivedAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** Returns everything except a solution, of which only the length is shown. */
    @Override
    public String toString() {
        return "Callback[taskId=" + taskId + ", reference=" + reference + ", " + result + "]";
    }
}
