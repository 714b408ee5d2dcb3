package io.github.captchacallback.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes what is remembered of a callback, without its answer.
 *
 * @param key the reference, or the task id
 * @param taskId the service's id of the task; null if it is not known yet
 * @param state the state by the store's clock
 * @param attempts how many attempts to deliver the answer have begun; 0 if no answer is kept
 * @param age how long ago the answer was accepted; null if no answer is kept
 * @param remaining how long the state lasts by itself, see {@link State}
 * @param reason why the delivery was given up; null unless the entry is dead
 */
public record StoredCallback(
        String key,
        @Nullable String taskId,
        State state,
        int attempts,
        @Nullable Duration age,
        Duration remaining,
        @Nullable String reason) {

    /** Names the states of a callback. */
    public enum State {
        /** A callback can be claimed. What remains is the time until it is given up. */
        EXPECTED,
        /** A claim or an attempt is being worked on. What remains is its lease. */
        IN_PROGRESS,
        /** An answer is kept, and waits for an attempt. What remains is the time until it is due; zero if it is. */
        WAITING,
        /** The application has the answer, or it was discarded. What remains is the time until it is forgotten. */
        SETTLED,
        /** Delivery was given up, and the answer is kept. What remains is the time until it is forgotten. */
        DEAD
    }
}
