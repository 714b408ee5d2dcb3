package io.github.captchacallback.signature;

import org.jspecify.annotations.Nullable;

/** Signs nothing: a callback is then known by its pending task alone. */
public record UnsignedScheme() implements SignatureScheme {

    @Override
    public boolean needsTaskId() {
        return true;
    }

    @Override
    public UrlValues issue(String claimKey, long issuedAt) {
        return new UrlValues(null, null);
    }

    @Override
    public @Nullable Proof read(@Nullable String token, @Nullable String timestamp, @Nullable String taskId) {
        return taskId == null ? null : new Proof(true, null, taskId, null);
    }
}
