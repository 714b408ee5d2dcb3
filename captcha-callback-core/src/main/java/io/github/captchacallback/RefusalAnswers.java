package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Holds what each refusal is answered with under the settings, made once for every flood of them. */
final class RefusalAnswers {

    /** Long enough for a store to come back or entries to expire, short enough for a service that retries soon. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Map<Refusal, Verdict.Refused> verdicts = new EnumMap<>(Refusal.class);

    RefusalAnswers(CallbackSettings settings) {
        for (Refusal refusal : Refusal.values()) {
            verdicts.put(refusal, new Verdict.Refused(refusal, answer(refusal, settings)));
        }
    }

    Verdict.Refused verdict(Refusal refusal) {
        return Objects.requireNonNull(verdicts.get(refusal));
    }

    private static CallbackAnswer answer(Refusal refusal, CallbackSettings settings) {
        return switch (refusal) {
            case METHOD_NOT_ALLOWED -> error(refusal, Map.of("Allow", String.join(", ", settings.methods())));
            case UNAVAILABLE -> error(refusal, Map.of("Retry-After", Long.toString(RETRY_AFTER.toSeconds())));
            default -> error(settings.errorDetail() ? refusal : Refusal.SOURCE_NOT_ALLOWED, Map.of());
        };
    }

    private static CallbackAnswer error(Refusal refusal, Map<String, String> headers) {
        return CallbackAnswer.error(refusal.status(), refusal.error(), headers);
    }
}
