package io.github.captchacallback.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.captchacallback.FuzzText;
import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.address.IpRange;
import io.github.captchacallback.address.StrictLiteral;
import io.github.captchacallback.settings.ForwardedHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds what forwarded headers may and may not decide, whatever an outsider has written to their left. */
class ForwardedFuzzTest {

    private static final IpAllowlist PROXIES = new IpAllowlist(Stream.of("10.0.0.0/8", "2001:db8::/32", "192.0.2.1")
            .map(IpRange::parse)
            .toList());
    private static final String PROXY = "10.0.0.1";

    /** What containers make of a peer's address: a literal, in brackets or not, with or without a zone. */
    private static final Pattern PEER = Pattern.compile("\\[?([0-9A-Fa-f:.]+)]?(?:%.*)?", Pattern.DOTALL);

    /** Hops as a proxy writes them, and whom they name. */
    private static final List<Map.Entry<String, String>> CLIENTS = List.of(
            Map.entry("203.0.113.9", "203.0.113.9"),
            Map.entry("203.0.113.9:1234", "203.0.113.9"),
            Map.entry("2001:db9::9", "2001:db9::9"),
            Map.entry("[2001:db9::9]", "2001:db9::9"),
            Map.entry("[2001:db9::9]:65535", "2001:db9::9"),
            Map.entry("::ffff:203.0.113.9", "203.0.113.9"));

    private static final List<String> TRUSTED_HOPS = List.of("10.1.2.3", "[2001:db8::7]:443", "192.0.2.1");

    /** The first line is the peer; the others are occurrences of the header, or of X-Forwarded-Proto where they begin so. */
    @FuzzTest(maxDuration = "10m")
    void theClientIsNeverOneOfOurProxies(byte[] input) {
        List<String> lines = FuzzText.lines(input);
        for (ForwardedHeader header : ForwardedHeader.values()) {
            Headers headers = Headers.of(header, lines.subList(1, lines.size()));
            Origin origin = origin(header, PROXY, false, headers);
            String client = client(origin);
            assertThat(client == null || (StrictLiteral.parse(client) != null && !isTrusted(client)))
                    .as("%s by %s", client, headers)
                    .isTrue();
            assertThat(origin(header, PROXY, false, headers.joined())).isEqualTo(origin);
            assertThat(client(origin(header, PROXY, true, headers))).isEqualTo(client);
            assertThat(origin(header, "::ffff:" + PROXY, false, headers)).isEqualTo(origin);
            checkPeer(header, lines.get(0), headers);
        }
    }

    /** Nobody listens to what a peer that is not ours says of others; it is the client itself. */
    private static void checkPeer(ForwardedHeader header, String peer, Headers headers) {
        Matcher matcher = PEER.matcher(peer);
        String literal = matcher.matches() ? matcher.group(1) : "";
        boolean[] asked = {false};
        Origin origin = new TrustedProxies(PROXIES, header).origin(peer, true, name -> {
            asked[0] = true;
            return headers.get(name);
        });
        if (asked[0]) {
            assertThat(isTrusted(literal)).as(peer).isTrue();
            assertThat(origin).as(peer).isEqualTo(origin(header, PROXY, true, headers));
            return;
        }
        assertThat(isTrusted(peer)).as(peer).isFalse();
        assertThat(origin.secure()).isTrue();
        String client = client(origin);
        if (client != null || StrictLiteral.parse(peer) != null) {
            assertThat(StrictLiteral.parse(String.valueOf(client))).as(peer).isEqualTo(StrictLiteral.parse(literal));
        }
    }

    /**
     * All lines but the first are what an outsider sends, and our own proxies write behind it. The first line's characters
     * choose who the client is, which proxies stand in between, and how the last of them comes. With schemes that do not go with
     * his hops, the outsider can take the word HTTPS away from himself, and never gain it.
     */
    @FuzzTest(maxDuration = "10m")
    void whatStandsToTheLeftOfAnHonestHopChangesNothing(byte[] input) {
        List<String> lines = FuzzText.lines(input);
        String choice = lines.get(0) + "\0\0\0\0";
        Map.Entry<String, String> client = CLIENTS.get(choice.charAt(0) % CLIENTS.size());
        List<String> hops = new ArrayList<>(List.of(client.getKey()));
        hops.addAll(TRUSTED_HOPS.subList(0, choice.charAt(1) % (TRUSTED_HOPS.size() + 1)));
        String scheme = choice.charAt(2) % 2 == 0 ? "http" : "https";
        boolean secure = choice.charAt(3) % 2 == 1;
        for (ForwardedHeader header : ForwardedHeader.values()) {
            Headers spoofed = Headers.of(header, lines.subList(1, lines.size()));
            Origin honest = origin(header, PROXY, secure, honest(header, hops, scheme));
            assertThat(StrictLiteral.parse(String.valueOf(client(honest))))
                    .isEqualTo(StrictLiteral.parse(client.getValue()));
            assertThat(honest.secure()).isEqualTo(scheme.equals("https"));

            Origin origin = origin(header, PROXY, secure, spoofed.then(honest(header, hops, scheme)));
            if (isReadable(header, spoofed)) {
                assertThat(client(origin)).as("%s", spoofed).isEqualTo(client(honest));
                assertThat(origin.secure() && !honest.secure())
                        .as("%s", spoofed)
                        .isFalse();
            } else {
                assertThat(client(origin)).as("%s", spoofed).isNull();
                assertThat(origin.secure()).as("%s", spoofed).isFalse();
            }
        }
    }

    /** RFC 7239 lets the whole of a malformed header go; X-Forwarded-For has no form to violate. */
    private static boolean isReadable(ForwardedHeader header, Headers spoofed) {
        return header == ForwardedHeader.X_FORWARDED_FOR
                || client(origin(header, PROXY, false, spoofed.then(honest(header, List.of("203.0.113.77"), "http"))))
                        != null;
    }

    private static Headers honest(ForwardedHeader header, List<String> hops, String scheme) {
        if (header == ForwardedHeader.FORWARDED) {
            return new Headers(
                    hops.stream()
                            .map(hop -> "for=\"" + hop + "\";proto=" + scheme)
                            .toList(),
                    List.of());
        }
        return new Headers(hops, hops.stream().map(hop -> scheme).toList());
    }

    private static Origin origin(ForwardedHeader header, String peer, boolean secure, Headers headers) {
        return new TrustedProxies(PROXIES, header).origin(peer, secure, headers::get);
    }

    private static @Nullable String client(Origin origin) {
        return origin.client();
    }

    private static boolean isTrusted(String literal) {
        return PROXIES.permits(literal);
    }

    /** Holds the occurrences of both headers that a proxy may write. */
    private record Headers(List<String> forwarded, List<String> proto) {

        private static final String PROTO = "proto:";

        static Headers of(ForwardedHeader header, List<String> lines) {
            Map<Boolean, List<String>> parts =
                    lines.stream().collect(Collectors.partitioningBy(line -> line.startsWith(PROTO)));
            List<String> proto = parts.getOrDefault(true, List.of()).stream()
                    .map(line -> line.substring(PROTO.length()))
                    .toList();
            return new Headers(
                    parts.getOrDefault(false, List.of()), header == ForwardedHeader.FORWARDED ? List.of() : proto);
        }

        List<String> get(String name) {
            return name.equals("X-Forwarded-Proto") ? proto : forwarded;
        }

        Headers then(Headers others) {
            return new Headers(concat(forwarded, others.forwarded), concat(proto, others.proto));
        }

        private static List<String> concat(List<String> left, List<String> right) {
            return Stream.concat(left.stream(), right.stream()).toList();
        }

        /** Returns the same with all occurrences of a header in one (RFC 9110, section 5.3). */
        Headers joined() {
            return new Headers(joined(forwarded), joined(proto));
        }

        private static List<String> joined(List<String> values) {
            return values.isEmpty() ? values : List.of(String.join(",", values));
        }
    }
}
