package io.github.captchacallback.source;

import io.github.captchacallback.address.IpAddress;
import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.settings.ForwardedHeader;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells who the client is and whether it came by HTTPS, where proxies of our own stand in between.
 *
 * <p>The hops are read from the right, the end that our own proxies write: trusted ones are skipped, and the first other
 * one is the client. What stands further left is the client's own word. Immutable and safe for use by several threads.
 *
 * @param proxies the peers whose forwarded headers count
 * @param header the header that they write
 */
public record TrustedProxies(IpAllowlist proxies, ForwardedHeader header) {

    /** An address with or without a port; an IPv6 address with a port stands in brackets. */
    private static final Pattern NODE = Pattern.compile(
            "\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)](?::[0-9]{1,5})?|([0-9.]+)(?::[0-9]{1,5})?|([0-9A-Fa-f:.]+)");

    /** The longest literal in brackets with a port has 53 characters; what is longer is not worth matching. */
    private static final int MAX_NODE_LENGTH = 64;

    /**
     * Tells where a request comes from.
     *
     * @param peer the address of the connection's other end; null where it has none
     * @param secure whether the connection itself is HTTPS
     * @param headers gives all occurrences of a header in order; not called where the peer is not trusted
     */
    public Origin origin(@Nullable String peer, boolean secure, Function<String, List<String>> headers) {
        String address = peer == null ? null : peer(peer);
        if (!proxies.permits(address)) {
            return new Origin(address, secure);
        }
        Forwarding forwarding = Forwarding.read(header, headers);
        List<String> nodes = forwarding.nodes();
        int fromRight = 1;
        String client = null;
        while (fromRight <= nodes.size()) {
            client = node(nodes.get(nodes.size() - fromRight));
            if (!proxies.permits(client)) {
                break;
            }
            client = null;
            fromRight++;
        }
        return new Origin(client, forwarding.secure(fromRight, secure));
    }

    /** Reports whether the forwarded headers of a peer count. */
    public boolean trusts(@Nullable String peer) {
        return peer != null && proxies.permits(peer(peer));
    }

    /** Returns a peer's address in its one spelling, for a log; a fixed text if it has none. */
    public static String shown(@Nullable String peer) {
        String literal = peer == null ? null : IpAddress.canonical(peer(peer));
        return literal == null ? "an unknown address" : literal;
    }

    /**
     * Reads what the container says of the connection's other end: some write the zone of a link-local peer behind its
     * address, and Jetty puts brackets around IPv6. The connection vouches for both; no header can.
     */
    private static String peer(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]") && text.indexOf(':') > 0;
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        int percent = bare.indexOf('%');
        return percent < 0 ? bare : bare.substring(0, percent);
    }

    /** Returns the literal of a hop; null where it is not in form. */
    private static @Nullable String node(String text) {
        Matcher matcher = NODE.matcher(text);
        if (text.length() > MAX_NODE_LENGTH || !matcher.matches()) {
            return null;
        }
        return Stream.of(1, 2, 3)
                .map(matcher::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
