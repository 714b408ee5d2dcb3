package io.github.captchacallback;

import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.settings.CallbackSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Represents what each refusal is answered with under the settings, made once for every flood of them. */
final class RefusalAnswers {

    /** Long enough for a store to come back or entries to expire, short enough for a service that retries soon. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final CallbackSettings settings;
    private final Map<Refusal, Verdict.Refused> verdicts = new EnumMap<>(Refusal.class);

    RefusalAnswers(CallbackSettings settings) {
        this.settings = settings;
        for (Refusal refusal : Refusal.values()) {
            verdicts.put(refusal, new Verdict.Refused(refusal, answer(refusal, RETRY_AFTER)));
        }
    }

    Verdict.Refused verdict(Refusal refusal) {
        return Objects.requireNonNull(verdicts.get(refusal));
    }

    /** Returns the verdict on a callback that another request is working on, for so long at the most. */
    Verdict.Refused inProgress(Duration remaining) {
        return new Verdict.Refused(Refusal.IN_PROGRESS, answer(Refusal.IN_PROGRESS, remaining));
    }

    private CallbackAnswer answer(Refusal refusal, Duration retryAfter) {
        boolean always = refusal == Refusal.METHOD_NOT_ALLOWED || refusal == Refusal.UNAVAILABLE;
        Refusal shown = always || settings.errorDetail() ? refusal : Refusal.SOURCE_NOT_ALLOWED;
        return CallbackAnswer.error(shown.status(), shown.error(), headers(shown, retryAfter));
    }

    private Map<String, String> headers(Refusal shown, Duration retryAfter) {
        return switch (shown) {
            case METHOD_NOT_ALLOWED -> Map.of("Allow", String.join(", ", settings.methods()));
            case IN_PROGRESS, UNAVAILABLE -> Map.of("Retry-After", Long.toString(wholeSeconds(retryAfter)));
            default -> Map.of();
        };
    }

    /** Rounds up, so that who comes back after that time does not come too early. */
    private static long wholeSeconds(Duration duration) {
        return Math.max(1, duration.plusMillis(999).toSeconds());
    }
}
