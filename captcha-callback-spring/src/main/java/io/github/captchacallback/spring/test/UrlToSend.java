package io.github.captchacallback.spring.test;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.FreshnessSettings;
import io.github.captchacallback.settings.SignatureSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the URL that a callback is sent to, in the state that a test asks for.
 *
 * @param taskId the task that it answers
 * @param issued what the application has issued; null where that is done here
 */
record UrlToSend(
        CaptchaCallbacks callbacks, String taskId, @Nullable IssuedCallback issued) {

    /** The signature stands in the URL as 64 hexadecimal digits, whatever else does. */
    private static final String SIGNATURE = "[0-9a-f]{64}";

    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** Returns what follows the callback path. */
    String genuine() {
        return behindThePath(issued == null ? issueBy(callbacks) : issued);
    }

    String forged() {
        return settings().signature().enabled() ? genuine().replaceFirst(SIGNATURE, "0".repeat(64)) : "";
    }

    String expired() {
        if (issued != null) {
            throw new IllegalStateException(
                    "What was issued expires with time: advance the application's MutableClock past"
                            + " captcha.callback.freshness.ttl, and send a genuineCallback()");
        }
        FreshnessSettings freshness = settings().freshness();
        if (!settings().signature().enabled() || !freshness.enabled()) {
            throw new IllegalStateException(
                    "A callback carries no time here, since signature.enabled or freshness.enabled is off");
        }
        Instant longAgo = callbacks
                .clock()
                .instant()
                .minus(freshness.ttl())
                .minus(freshness.clockSkew())
                .minus(MOMENT);
        InstantSource then = () -> longAgo;
        return behindThePath(issueBy(callbacks.withClock(then)));
    }

    private IssuedCallback issueBy(CaptchaCallbacks issuer) {
        SignatureSettings signature = settings().signature();
        boolean byReference = signature.enabled() && signature.scheme() == SignatureSettings.Scheme.REFERENCE;
        return byReference ? issuer.issue() : issuer.issueFor(taskId);
    }

    private String behindThePath(IssuedCallback callback) {
        return callback.url().substring(String.valueOf(settings().publicUrl()).length());
    }

    private CallbackSettings settings() {
        return callbacks.settings();
    }
}
