package io.github.captchacallback.samples.boot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.captchacallback.CallbackEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Holds an event as the console shows it.
 *
 * @param kind what happened: {@code issued}, {@code bound}, {@code accepted}, {@code refused}, {@code settled} …
 * @param check the check that failed, by its word on the wire
 * @param detail a sentence for the reader
 * @param micros how long verification took
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EventView(
        Instant at,
        String kind,
        @Nullable String check,
        @Nullable Integer status,
        @Nullable String detail,
        @Nullable String reference,
        @Nullable Long micros) {

    static EventView of(CallbackEvent event) {
        String kind = event.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (event instanceof CallbackEvent.Accepted accepted) {
            String detail = "Task " + accepted.taskId() + ", signed with key " + accepted.keyId();
            return new EventView(accepted.at(), kind, null, 200, detail, accepted.reference(), micros(accepted.took()));
        }
        if (event instanceof CallbackEvent.Refused refused) {
            return new EventView(
                    refused.at(),
                    kind,
                    refused.refusal().error(),
                    refused.refusal().status(),
                    refused.refusal().reason() + "; from " + refused.client(),
                    refused.reference(),
                    micros(refused.took()));
        }
        if (event instanceof CallbackEvent.Repeated repeated) {
            return new EventView(repeated.at(), kind, null, 200, null, repeated.reference(), micros(repeated.took()));
        }
        if (event instanceof CallbackEvent.Bound bound) {
            return step(event, kind, bound.reference(), "Task " + bound.taskId());
        }
        if (event instanceof CallbackEvent.Issued issued) {
            return step(event, kind, issued.reference(), null);
        }
        if (event instanceof CallbackEvent.Abandoned abandoned) {
            return step(event, kind, abandoned.reference(), null);
        }
        if (event instanceof CallbackEvent.Settled settled) {
            return step(event, kind, settled.reference(), null);
        }
        if (event instanceof CallbackEvent.Released released) {
            return step(event, kind, released.reference(), null);
        }
        if (event instanceof CallbackEvent.Delivered delivered) {
            return step(event, kind, delivered.reference(), "Attempt " + delivered.attempts() + " succeeded");
        }
        if (event instanceof CallbackEvent.RetryScheduled retry) {
            String detail = "Attempt " + retry.attempts() + " failed, the next one follows after "
                    + retry.after().toSeconds() + " s: " + retry.reason();
            return step(event, kind, retry.reference(), detail);
        }
        if (event instanceof CallbackEvent.Dead dead) {
            String detail = "Given up after " + dead.attempts() + " attempts: " + dead.reason();
            return step(event, kind, dead.reference(), detail);
        }
        if (event instanceof CallbackEvent.StoreFailed failed) {
            return step(event, kind, null, failed.reason());
        }
        return step(event, kind, null, null);
    }

    private static EventView step(
            CallbackEvent event, String kind, @Nullable String reference, @Nullable String detail) {
        return new EventView(event.at(), kind, null, null, detail, reference, null);
    }

    private static long micros(Duration took) {
        return took.toNanos() / 1000;
    }
}
