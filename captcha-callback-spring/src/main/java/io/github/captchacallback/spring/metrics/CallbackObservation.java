package io.github.captchacallback.spring.metrics;

import io.github.captchacallback.Callback;
import io.github.captchacallback.delivery.CallbackHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/**
 * Observes the handling of callbacks: how long it takes, whether it fails, and for which task, in metrics and traces.
 *
 * <p><b>Security notes.</b> An observation carries the reference and the task id, and neither a token nor an answer.
 */
public final class CallbackObservation {

    /** The name of the observation. */
    public static final String NAME = "captcha.callback.handling";

    private CallbackObservation() {}

    /** Returns a handler that is observed. */
    public static CallbackHandler around(CallbackHandler handler, ObservationRegistry registry) {
        return callback -> of(callback, registry).observeChecked(() -> handler.handle(callback));
    }

    /** Returns an observation of a callback, which is not started yet. */
    public static Observation of(Callback callback, ObservationRegistry registry) {
        return Observation.createNotStarted(NAME, registry)
                .contextualName("handle captcha callback")
                .lowCardinalityKeyValue("result", callback.solved() ? "solved" : "error")
                .highCardinalityKeyValue("reference", callback.reference())
                .highCardinalityKeyValue("task.id", callback.taskId());
    }
}
