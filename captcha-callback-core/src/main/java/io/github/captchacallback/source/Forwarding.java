package io.github.captchacallback.source;

import io.github.captchacallback.settings.ForwardedHeader;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

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

    /** Reads all occurrences of a header, joined in order. */
    static Forwarding read(ForwardedHeader header, Function<String, List<String>> headers) {
        return switch (header) {
            case X_FORWARDED_FOR ->
                new Forwarding(
                        commaSeparated(headers.apply("X-Forwarded-For")),
                        commaSeparated(headers.apply("X-Forwarded-Proto")));
            case FORWARDED -> new ForwardedParser(String.join(",", headers.apply("Forwarded"))).parse();
        };
    }

    private static List<String> commaSeparated(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    /**
     * Decides whether the n-th hop from the right came by HTTPS. If nothing tells, the connection decides.
     *
     * <p>A single scheme is that of a proxy that overwrites the header, and counts for every hop. If several do not match the
     * number of hops, some proxies append to one of the two headers only, or a client sent values of its own. None of the
     * schemes can then be assigned to a hop, so all must be HTTPS.
     */
    boolean secure(int fromRight, boolean connection) {
        if (schemes.isEmpty()) {
            return connection;
        }
        if (schemes.size() > 1 && schemes.size() != nodes.size()) {
            return schemes.stream().allMatch(HTTPS::equalsIgnoreCase);
        }
        String scheme = schemes.get(Math.max(0, schemes.size() - fromRight));
        return scheme.isEmpty() ? connection : scheme.equalsIgnoreCase(HTTPS);
    }
}
