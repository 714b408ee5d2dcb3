package io.github.captchacallback.signature;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SignatureSettings;
import org.jspecify.annotations.Nullable;

/** Decides what goes into a callback URL as proof of its origin, and reads it back. */
public sealed interface SignatureScheme permits ReferenceScheme, TaskIdScheme, UnsignedScheme {

    /** Returns the scheme that the settings describe. */
    static SignatureScheme of(CallbackSettings settings) {
        SignatureSettings signature = settings.signature();
        if (!signature.enabled()) {
            return new UnsignedScheme();
        }
        SigningKeys keys = new SigningKeys(signature.keys(), signature.activeKey());
        return switch (signature.scheme()) {
            case REFERENCE -> new ReferenceScheme(keys, signature.audience());
            case TASK_ID -> new TaskIdScheme(keys, settings.freshness().enabled());
        };
    }

    /** Reports whether a callback can only be authenticated with the task id, which may be in the body. */
    boolean needsTaskId();

    /**
     * Makes the values that the callback URL carries.
     *
     * @param claimKey the reference, or the task id
     * @param issuedAt seconds since the epoch
     */
    UrlValues issue(String claimKey, long issuedAt);

    /**
     * Reads what a callback carries, and checks its MAC.
     *
     * @param token the token as it was sent, decoded once; null where there is none
     * @param timestamp the {@code ts} parameter; null where there is none
     * @param taskId the task id that the callback carries; ignored unless the scheme {@linkplain #needsTaskId() needs it}
     * @return null if the callback is malformed
     */
    @Nullable
    Proof read(@Nullable String token, @Nullable String timestamp, @Nullable String taskId);

    /**
     * Holds what a callback URL carries for a scheme.
     *
     * @param token the token; null where nothing is signed
     * @param timestamp the value of {@code ts}; null where the scheme has none
     */
    record UrlValues(@Nullable String token, @Nullable String timestamp) {

        /** Returns a fixed text, since the token is as good as the callback. */
        @Override
        public String toString() {
            return "UrlValues[***]";
        }
    }
}
