package io.github.captchacallback.signature;

import org.jspecify.annotations.Nullable;

/** Signs nothing: a callback is then known by its pending task alone. */
public record UnsignedScheme() implements SignatureScheme {

    @Override
    public UrlValues issue(String claimKey, long issuedAt) {
        return new UrlValues(null, null);
    }

    @Override
    public Proof read(@Nullable TokenText token, @Nullable String timestamp, String taskId) {
        return new Proof(true, null, taskId, null);
    }
}
