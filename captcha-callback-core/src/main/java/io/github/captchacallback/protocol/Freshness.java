package io.github.captchacallback.protocol;

import io.github.captchacallback.settings.CallbackSettings;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides how old a callback URL may be, and how long a reference is remembered, which belong together: what is forgotten
 * before its token has expired could be used again.
 */
public record Freshness(Duration ttl, Duration clockSkew) {

    /** A token's time is cut to the second, so that the last second of its life is not over when it begins. */
    private static final Duration RESOLUTION = Duration.ofSeconds(1);

    /** Returns what the settings describe. */
    public static Freshness of(CallbackSettings settings) {
        return new Freshness(settings.freshness().ttl(), settings.freshness().clockSkew());
    }

    /** Says whether a callback URL is of the right age, as one is that carries no time. */
    public boolean admits(@Nullable Instant issuedAt, Instant now) {
        if (issuedAt == null) {
            return true;
        }
        long age = now.getEpochSecond() - issuedAt.getEpochSecond();
        return -clockSkew.toSeconds() <= age && age <= ttl.toSeconds();
    }

    /** Returns for how long after its issue some node's clock may admit a token. */
    public Duration window() {
        return ttl.plus(clockSkew).plus(RESOLUTION);
    }

    /** Returns for how long an expected callback is remembered that is given up after so long by any node's clock. */
    public Duration expectation(Duration giveUpAfter) {
        return giveUpAfter.plus(clockSkew).plus(RESOLUTION);
    }

    /** Returns the first instant at which no node's clock admits a token of that time. */
    public Instant forgottenAt(Instant issuedAt) {
        return issuedAt.plus(window());
    }
}
