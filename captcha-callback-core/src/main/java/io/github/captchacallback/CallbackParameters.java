package io.github.captchacallback;

import io.github.captchacallback.signature.TokenText;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parameters of a callback, of which each was there exactly once and has the right shape.
 *
 * @param token the token in the query; null where the configuration has none there
 * @param timestamp the timestamp in the query; null where the configuration has none
 */
record CallbackParameters(
        @Nullable TokenText token, @Nullable String timestamp, String taskId, String code) {

    /** Returns the task id alone: the rest is a token, or was paid for. */
    @Override
    public String toString() {
        return "CallbackParameters[" + taskId + "]";
    }
}
