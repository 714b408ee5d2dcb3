package io.github.captchacallback.samples.tasks;

import io.github.captchacallback.Callback;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Holds a task of a sample, as its API shows it.
 *
 * @param taskId the service's id; null until the service has answered or called back
 * @param code the answer, or the service's error code; null while pending
 */
public record DemoTask(
        String reference,
        @Nullable String taskId,
        String state,
        @Nullable String code) {

    private enum State {
        PENDING,
        SOLVED,
        FAILED;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static DemoTask pending(String reference) {
        return new DemoTask(reference, null, State.PENDING.wire(), null);
    }

    DemoTask withTaskId(String id) {
        return new DemoTask(reference, id, state, code);
    }

    static DemoTask ended(Callback callback) {
        State state = callback.solved() ? State.SOLVED : State.FAILED;
        String code = callback.error().orElseGet(callback::solution);
        return new DemoTask(callback.reference(), callback.taskId(), state.wire(), code);
    }
}
