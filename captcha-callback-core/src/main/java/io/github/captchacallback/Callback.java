package io.github.captchacallback;

import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds a genuine callback.
 *
 * @param taskId the service's id of the task
 * @param code the answer, decoded once, or an error code of the service's
 * @param reference our reference of the submission; the task id where the scheme knows no reference
 * @param issuedAt when the callback URL was issued; null where the scheme carries no time
 * @param receivedAt when the callback arrived
 */
public record Callback(
        String taskId,
        String code,
        String reference,
        @Nullable Instant issuedAt,
        Instant receivedAt) implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final Pattern ERROR = Pattern.compile("ERROR_[A-Z0-9_]+");

    /**
     * Checks that nothing is missing.
     *
     * @throws NullPointerException if a part other than {@code issuedAt} is null, as when a framework binds the record from
     *     request parameters
     */
    public Callback {
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(receivedAt, "receivedAt");
    }

    /** Says whether the task was solved, so that {@link #code()} is an answer. */
    public boolean solved() {
        return error().isEmpty();
    }

    /** Returns the service's error code, such as {@code ERROR_CAPTCHA_UNSOLVABLE}, where the task failed. */
    public Optional<String> error() {
        return ERROR.matcher(code).matches() ? Optional.of(code) : Optional.empty();
    }

    /** Returns everything but an answer, of which only the length is shown: it can be used until it is spent. */
    @Override
    public String toString() {
        return "Callback[taskId=" + taskId + ", reference=" + reference + ", "
                + error().orElseGet(() -> "code of " + code.length() + " characters") + "]";
    }
}
