package io.github.captchacallback.address;

import java.util.List;

/**
 * Holds what the forwarded headers of one request say.
 *
 * @param nodes the hops as they were written, the one furthest out first
 * @param schemes the schemes as they were written, the one furthest out first; empty text where a hop has none
 */
record Forwarding(List<String> nodes, List<String> schemes) {

    private static final String HTTPS = "https";

    /** What a header that cannot be read says: there was a hop, it is nobody, and how it came cannot be told. */
    static final Forwarding UNREADABLE = new Forwarding(List.of(""), List.of("unknown"));

    /**
     * Says whether the n-th hop from the right came by HTTPS; where nothing tells, as the connection did.
     *
     * <p>One scheme for several hops is the client's, from proxies that overwrite it. With more than one, and yet fewer than
     * hops, some proxies append and others do not: none can be said to be the client's, and it counts what all of them say.
     */
    boolean secure(int fromRight, boolean connection) {
        if (schemes.isEmpty()) {
            return connection;
        }
        if (schemes.size() > 1 && schemes.size() < nodes.size()) {
            return schemes.stream().allMatch(HTTPS::equalsIgnoreCase);
        }
        String scheme = schemes.get(Math.max(0, schemes.size() - fromRight));
        return scheme.isEmpty() ? connection : scheme.equalsIgnoreCase(HTTPS);
    }
}
