package io.github.captchacallback.address;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the forwarded headers of one request say.
 *
 * @param nodes the hops as they were written, the one furthest out first
 * @param schemes the schemes as they were written, the one furthest out first; empty text where a hop has none. There may
 *     be fewer of them than hops: then the proxies overwrite instead of append, and the first is the client's
 */
record Forwarding(List<String> nodes, List<String> schemes) {

    /** What a header that cannot be read says: there was a hop, and it is nobody. */
    static final Forwarding UNREADABLE = new Forwarding(List.of(""), List.of());

    /** Returns the scheme by which the n-th hop from the right came, or null where nothing says so. */
    @Nullable
    String scheme(int fromRight) {
        if (schemes.isEmpty()) {
            return null;
        }
        String scheme = schemes.get(Math.max(0, schemes.size() - fromRight));
        return scheme.isEmpty() ? null : scheme;
    }
}
