package io.github.captchacallback.signature;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Signs a reference of our own before the task exists: the default scheme.
 *
 * @param keys the ring
 * @param audience what the token is for, so that one made for another deployment with the same keys is refused
 */
public record ReferenceScheme(SigningKeys keys, String audience) implements SignatureScheme {

    @Override
    public UrlValues issue(String claimKey, long issuedAt) {
        return new UrlValues(
                CallbackToken.sign(keys.active(), claimKey, issuedAt, audience).text(), null);
    }

    @Override
    public @Nullable Proof read(@Nullable String token, @Nullable String timestamp, String taskId) {
        CallbackToken parsed = token == null ? null : CallbackToken.parse(token);
        if (parsed == null) {
            return null;
        }
        boolean authentic = keys.signed(parsed.keyId(), parsed.message(audience), parsed.mac());
        return new Proof(
                authentic, authentic ? parsed.keyId() : null, parsed.reference(), OptionalLong.of(parsed.issuedAt()));
    }
}
