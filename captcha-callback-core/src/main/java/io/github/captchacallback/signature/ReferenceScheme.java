package io.github.captchacallback.signature;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Signs a reference of our own before the task exists: the default scheme. */
public final class ReferenceScheme implements SignatureScheme {

    private final SigningKeys keys;
    private final String audience;

    /**
     * Makes the scheme.
     *
     * @param keys the ring
     * @param audience what the tokens are for, so that one made for another deployment with the same keys is refused
     */
    public ReferenceScheme(SigningKeys keys, String audience) {
        this.keys = keys;
        this.audience = audience;
    }

    @Override
    public boolean needsTaskId() {
        return false;
    }

    @Override
    public UrlValues issue(String claimKey, long issuedAt) {
        return new UrlValues(CallbackToken.sign(keys.active(), claimKey, issuedAt, audience), null);
    }

    @Override
    public @Nullable Proof read(@Nullable String token, @Nullable String timestamp, @Nullable String taskId) {
        CallbackToken parsed = token == null ? null : CallbackToken.parse(token);
        if (parsed == null) {
            return null;
        }
        String signer = parsed.signer(keys, audience);
        return new Proof(signer != null, signer, parsed.reference(), Instant.ofEpochSecond(parsed.issuedAt()));
    }
}
