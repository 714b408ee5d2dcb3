package io.github.captchacallback.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.address.IpAddress;
import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.address.IpRange;
import io.github.captchacallback.settings.ForwardedHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our proxies are 10.0.0.0/8 and fd00::/8, and the connection itself is plain HTTP unless a test says otherwise. In the
 * tables {@code //} stands between the occurrences of a repeated header, and nothing in a cell means no such header.
 */
class TrustedProxiesTest {

    private static final String PROXY = "10.0.0.1";

    @ParameterizedTest(name = "{0} with {1} is {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            203.0.113.9          | 1.2.3.4        | 203.0.113.9             | a stranger's header does not count
            203.0.113.9          | 10.0.0.2       | 203.0.113.9             | a stranger cannot pose as a proxy
            203.0.113.9          |                | 203.0.113.9             | a stranger without a header
            11.0.0.0             | 1.2.3.4        | 11.0.0.0                | one past the block
            a00::1               | 1.2.3.4        | a00:0:0:0:0:0:0:1       | 10.0.0.0/8 is no IPv6 block
            ::10.0.0.1           | 1.2.3.4        | 0:0:0:0:0:0:a00:1       | nor is the compatible form IPv4
            ::ffff:203.0.113.9   | 1.2.3.4        | 203.0.113.9             | mapped stranger
            ::ffff:10.0.0.1      | 1.2.3.4        | 1.2.3.4                 | mapped proxy
            10.0.0.1             | 1.2.3.4        | 1.2.3.4                 | our proxy
            fd00::1              | 1.2.3.4        | 1.2.3.4                 | our IPv6 proxy
            FD00::1              | 1.2.3.4        | 1.2.3.4                 | our IPv6 proxy in upper case
            fd00::1%eth0         | 1.2.3.4        | 1.2.3.4                 | our IPv6 proxy with a zone
            fe80::1%eth0         | 1.2.3.4        | fe80:0:0:0:0:0:0:1      | a link-local stranger
            [fd00::1]            | 1.2.3.4        | 1.2.3.4                 | our IPv6 proxy as Jetty writes it
            [fd00::1%eth0]       | 1.2.3.4        | 1.2.3.4                 | as Jetty writes it, with a zone
            [2001:db8::7]        | 1.2.3.4        | 2001:db8:0:0:0:0:0:7    | a stranger as Jetty writes it
            [10.0.0.1]           | 1.2.3.4        | nobody                  | nobody writes IPv4 so
            [fd00::1             | 1.2.3.4        | nobody                  | half of the brackets
            fd00::1]             | 1.2.3.4        | nobody                  | the other half
            [fd00::1]:8080       | 1.2.3.4        | nobody                  | a peer has no port
            10.0.0.1:8080        | 1.2.3.4        | nobody                  | a peer has no port
            010.0.0.1            | 1.2.3.4        | nobody                  | octal to some
            localhost            | 1.2.3.4        | nobody                  | a name
            %eth0                | 1.2.3.4        | nobody                  | a zone alone
            []                   | 1.2.3.4        | nobody                  | brackets alone
            ``                   | 1.2.3.4        | nobody                  | a container that does not know
            """)
    void thePeerDecidesWhetherTheHeaderCounts(
            String peer, @Nullable String forwardedFor, String client, String reason) {
        Origin origin = proxies(ForwardedHeader.X_FORWARDED_FOR)
                .origin(peer, false, headers(Map.of("X-Forwarded-For", lines(forwardedFor))));

        assertThat(client(origin)).as(reason).isEqualTo(client);
    }

    @ParameterizedTest(name = "X-Forwarded-For: {0} is {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # the chain
            1.2.3.4                                    | 1.2.3.4    | one hop
            6.6.6.6, 1.2.3.4                           | 1.2.3.4    | the leftmost is the client's own word
            10.0.0.9, 1.2.3.4                          | 1.2.3.4    | also where it names a proxy of ours
            1.2.3.4, 10.0.0.2                          | 1.2.3.4    | our second proxy is skipped
            1.2.3.4, fd00::2                           | 1.2.3.4    | our second proxy, IPv6
            1.2.3.4, ::ffff:10.0.0.2                   | 1.2.3.4    | our second proxy, mapped
            6.6.6.6, 1.2.3.4, 10.0.0.3, 10.0.0.2       | 1.2.3.4    | the first from the right that is not ours
            6.6.6.6, 10.0.0.3, 1.2.3.4, 10.0.0.2       | 1.2.3.4    | no proxy behind the first that is not ours
            10.0.0.2                                   | nobody     | the chain runs out
            10.0.0.3, 10.0.0.2                         | nobody     | a longer one runs out
            1.2.3.4 // 10.0.0.2                        | 1.2.3.4    | repeated headers are one chain
            6.6.6.6 // 1.2.3.4                         | 1.2.3.4    | a repeated header, spoofed in front
            6.6.6.6, 1.2.3.4 // 10.0.0.3 // 10.0.0.2   | 1.2.3.4    | three of them
            6.6.6.6 // 10.0.0.2 // 1.2.3.4             | 1.2.3.4    | the last one is the nearest
                                                       | nobody     | no header
            ``                                         | nobody     | an empty one
            `  `                                       | nobody     | a blank one
            ,                                          | nobody     | a comma
            1.2.3.4,                                   | nobody     | an empty hop at the end is somebody untold
            1.2.3.4,,10.0.0.2                          | nobody     | an empty hop within
            1.2.3.4, // 10.0.0.2                       | nobody     | an empty hop at the end of a line
            ,1.2.3.4                                   | 1.2.3.4    | an empty hop further out is not reached
            `  1.2.3.4  ,\t10.0.0.2\t`                 | 1.2.3.4    | blanks and tabs around hops
            1.2.3.4 10.0.0.2                           | nobody     | no comma between hops
            1.2.3.4;10.0.0.2                           | nobody     | a semicolon between hops
            # what is no literal
            unknown                                    | nobody     | unknown
            1.2.3.4, unknown                           | nobody     | unknown is not skipped
            unknown, 1.2.3.4                           | 1.2.3.4    | unknown further out is not reached
            _hidden                                    | nobody     | an obfuscated node
            localhost                                  | nobody     | a name
            example.com                                | nobody     | a name that could be looked up
            `"1.2.3.4"`                                | nobody     | quotes are RFC 7239's, not this header's
            for=1.2.3.4                                | nobody     | so are pairs
            10.1                                       | nobody     | inet_aton's shorthand
            010.0.0.2                                  | nobody     | a leading zero is not ours
            0x0a.0.0.2                                 | nobody     | hexadecimal is not ours
            1.2.3.4.5                                  | nobody     | five octets
            1.2.3.4/32                                 | nobody     | a block
            １.2.3.4                                   | nobody     | a full-width digit
            1.2.3.4%eth0                               | nobody     | a zone behind IPv4
            fe80::1%eth0                               | nobody     | a zone that no peer vouches for
            [fe80::1%25eth0]                           | nobody     | a zone, escaped
            # ports
            1.2.3.4:8080                               | 1.2.3.4    | a port
            1.2.3.4:0                                  | 1.2.3.4    | port zero: the address is what counts
            1.2.3.4:99999                              | 1.2.3.4    | a port past the last: likewise
            1.2.3.4, 10.0.0.2:8080                     | 1.2.3.4    | our second proxy with a port
            1.2.3.4:                                   | nobody     | a colon without a port
            1.2.3.4:123456                             | nobody     | six digits
            1.2.3.4:http                               | nobody     | a named port
            1.2.3.4:-1                                 | nobody     | a sign
            1.2.3.4:_p                                 | nobody     | an obfuscated port
            1.2.3.4:80:80                              | nobody     | two ports
            1.2.3.4:８０                                | nobody     | full-width digits
            # IPv6
            2001:db8::7                                | 2001:db8:0:0:0:0:0:7 | bare
            2001:DB8::7                                | 2001:db8:0:0:0:0:0:7 | upper case
            [2001:db8::7]                              | 2001:db8:0:0:0:0:0:7 | brackets
            [2001:db8::7]:443                          | 2001:db8:0:0:0:0:0:7 | brackets and a port
            1.2.3.4, [fd00::2]:443                     | 1.2.3.4              | our second proxy in brackets
            2001:db8::7:443                            | 2001:db8:0:0:0:0:7:443 | bare: what looks like a port is a group
            ::ffff:1.2.3.4                             | 1.2.3.4              | mapped
            [::ffff:1.2.3.4]:443                       | 1.2.3.4              | mapped, in brackets
            [2001:db8::7]:                             | nobody     | a colon without a port
            [2001:db8::7]:443443                       | nobody     | six digits
            [2001:db8::7]443                           | nobody     | no colon
            [2001:db8::7                               | nobody     | half of the brackets
            2001:db8::7]                               | nobody     | the other half
            [[2001:db8::7]]                            | nobody     | double brackets
            [1.2.3.4]                                  | nobody     | IPv4 in brackets
            [1.2.3.4]:80                               | nobody     | IPv4 in brackets, with a port
            []                                         | nobody     | brackets alone
            ::1::                                      | nobody     | two gaps
            12345::                                    | nobody     | five digits
            """)
    void xForwardedForIsReadFromTheRight(@Nullable String value, String client, String reason) {
        Origin origin = proxies(ForwardedHeader.X_FORWARDED_FOR)
                .origin(PROXY, false, headers(Map.of("X-Forwarded-For", lines(value))));

        assertThat(client(origin)).as(reason).isEqualTo(client);
    }

    @ParameterizedTest(name = "{0} by {1} is HTTPS {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1.2.3.4                    |                   | false | nothing said, and the connection is plain
            1.2.3.4                    | https             | true  | one hop, one scheme
            1.2.3.4                    | HTTPS             | true  | upper case
            1.2.3.4                    | http              | false | plain
            1.2.3.4                    | ``                | false | empty
            1.2.3.4                    | `  https `        | true  | blanks around it
            1.2.3.4                    | wss               | false | another scheme
            1.2.3.4                    | on                | false | no scheme
            1.2.3.4                    | `"https"`         | false | quotes
            1.2.3.4                    | https;            | false | something behind it
            1.2.3.4                    | https, http       | false | more schemes than hops, the nearest is plain
            1.2.3.4                    | http, https       | false | more schemes than hops, the leftmost is plain
            1.2.3.4                    | https, https      | true  | more schemes than hops, all of them HTTPS
            1.2.3.4                    | https, , https    | false | more schemes than hops, one of them is empty
            1.2.3.4                    | http // https     | false | more schemes than hops, in repeated headers
            1.2.3.4, 10.0.0.2          | http, https, https | false | the edge appends schemes and sets the address
            1.2.3.4, 10.0.0.2          | https, https, https | true | three schemes for two hops, all of them HTTPS
            1.2.3.4                    | https // http     | false | repeated headers are one list
            1.2.3.4                    | https,            | false | an empty one at the end
            6.6.6.6, 1.2.3.4           | https, http       | false | a scheme per hop, the client's is plain
            6.6.6.6, 1.2.3.4           | http, https       | true  | a scheme per hop, the client's is HTTPS
            1.2.3.4, 10.0.0.2          | https, http       | true  | plain between our own proxies
            1.2.3.4, 10.0.0.2          | http, https       | false | HTTPS between our own proxies alone
            6.6.6.6, 1.2.3.4, 10.0.0.2 | https, http, https | false | the client's stands in the middle
            1.2.3.4, 10.0.0.2          | https             | true  | one scheme for several hops: proxies that overwrite
            1.2.3.4, 10.0.0.2          | http              | false | one scheme for several hops, plain
            1.2.3.4, 10.0.0.2, 10.0.0.3 | https, http      | false | whose is which: not all proxies append
            1.2.3.4, 10.0.0.2, 10.0.0.3 | https, HTTPS     | true  | whose is which does not matter
            6.6.6.6, 1.2.3.4, 10.0.0.2 | https, http       | false | the edge appends, the inner proxy does not
                                       | https             | true  | a scheme without a hop
                                       | http, https       | false | several schemes without a hop
            10.0.0.2                   | https             | true  | the chain runs out, and the scheme is there
            """)
    void xForwardedProtoIsTheClientsOwnScheme(
            @Nullable String forwardedFor, @Nullable String proto, boolean secure, String reason) {
        Map<String, List<String>> headers =
                Map.of("X-Forwarded-For", lines(forwardedFor), "X-Forwarded-Proto", lines(proto));

        Origin origin = proxies(ForwardedHeader.X_FORWARDED_FOR).origin(PROXY, false, headers(headers));

        assertThat(origin.secure()).as(reason).isEqualTo(secure);
    }

    @ParameterizedTest(name = "Forwarded: {0} is {1}, HTTPS {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # the chain
            for=1.2.3.4                                   | 1.2.3.4 | false | one hop
            for=6.6.6.6, for=1.2.3.4                      | 1.2.3.4 | false | the leftmost is the client's own word
            for=1.2.3.4, for=10.0.0.2                     | 1.2.3.4 | false | our second proxy is skipped
            for=6.6.6.6,for=1.2.3.4,for=10.0.0.3,for="[fd00::2]" | 1.2.3.4 | false | the first from the right that is not ours
            for=10.0.0.3, for=10.0.0.2                    | nobody  | false | the chain runs out
            for=1.2.3.4 // for=10.0.0.2                   | 1.2.3.4 | false | repeated headers are one chain
            for=6.6.6.6 // for=1.2.3.4                    | 1.2.3.4 | false | a repeated header, spoofed in front
                                                          | nobody  | false | no header
            ``                                            | nobody  | false | an empty one
            ,                                             | nobody  | false | a comma: no element
            `, ,\t,`                                      | nobody  | false | commas and blanks
            ,for=1.2.3.4                                  | 1.2.3.4 | false | an empty list element in front
            for=1.2.3.4,                                  | 1.2.3.4 | false | an empty list element behind (RFC 9110, 5.6.1)
            for=1.2.3.4,,for=10.0.0.2                     | 1.2.3.4 | false | an empty list element within
            ;                                             | nobody  | false | a hop of no pairs is somebody untold
            for=1.2.3.4,;                                 | nobody  | false | also behind another
            by=10.0.0.1                                   | nobody  | false | a hop without for
            for=1.2.3.4, by=10.0.0.1                      | nobody  | false | also behind another
            # pairs
            For=1.2.3.4;Proto=https                       | 1.2.3.4 | true  | names in other case
            FOR=1.2.3.4;PROTO=HTTPS                       | 1.2.3.4 | true  | names and scheme in upper case
            for=1.2.3.4;proto=https;by=10.0.0.1;host=a.b  | 1.2.3.4 | true  | all four
            by=10.0.0.1;proto=https;for=1.2.3.4           | 1.2.3.4 | true  | in another order
            for=1.2.3.4;secret=x                          | 1.2.3.4 | false | an extension
            for=1.2.3.4;                                  | 1.2.3.4 | false | a semicolon behind
            ;for=1.2.3.4                                  | 1.2.3.4 | false | a semicolon in front
            for=1.2.3.4;;proto=https                      | 1.2.3.4 | true  | an empty pair
            `for=1.2.3.4 ;\tproto=https `                 | 1.2.3.4 | true  | blanks around pairs
            for=1.2.3.4;for=6.6.6.6                       | nobody  | false | for twice in one hop
            for=1.2.3.4;FOR=1.2.3.4                       | nobody  | false | for twice, the same and in other case
            for=1.2.3.4;proto=https;proto=https           | nobody  | false | proto twice in one hop
            for =1.2.3.4                                  | nobody  | false | a blank in front of the sign
            for= 1.2.3.4                                  | nobody  | false | a blank behind the sign
            for=1.2.3.4 6.6.6.6                           | nobody  | false | two values
            for                                           | nobody  | false | no sign
            for=                                          | nobody  | false | no value
            =1.2.3.4                                      | nobody  | false | no name
            for=1.2.3.4;proto                             | nobody  | false | a pair that is none
            for==1.2.3.4                                  | nobody  | false | two signs
            (for)=1.2.3.4                                 | nobody  | false | a name that is no token
            1.2.3.4                                       | nobody  | false | an address without a pair
            gar bage, for=1.2.3.4                         | nobody  | false | what is not in form further out spoils all
            for=1.2.3.4, gar bage                         | nobody  | false | what is not in form nearer by spoils all
            for=１.2.3.4                                  | nobody  | false | no ASCII in a token
            # quoted strings
            for="1.2.3.4"                                 | 1.2.3.4 | false | a quoted string
            for="\\1.2.3.4"                               | 1.2.3.4 | false | a quoted pair
            for="\\1\\.\\2\\.\\3\\.\\4"                   | 1.2.3.4 | false | quoted pairs
            for="1.2.3.4\\""                              | nobody  | false | a quote within
            for="1.2.3.4                                  | nobody  | false | no closing quote
            for="1.2.3.4\\"                               | nobody  | false | the closing quote is quoted
            for="1.2.3.4\\                                | nobody  | false | a backslash at the end
            for=1.2.3.4"                                  | nobody  | false | no opening quote
            for="1.2.3.4"x                                | nobody  | false | something behind the quote
            for=""                                        | nobody  | false | nothing within
            for=" 1.2.3.4"                                | nobody  | false | a blank within
            for="10.0.0.2, 1.2.3.4"                       | nobody  | false | a list within
            for='1.2.3.4'                                 | nobody  | false | apostrophes quote nothing
            host="a,for=6.6.6.6";for=1.2.3.4              | 1.2.3.4 | false | a comma within quotes ends no hop
            host="a;for=6.6.6.6";for=1.2.3.4              | 1.2.3.4 | false | a semicolon within quotes ends no pair
            for=1.2.3.4;host="\\",for=6.6.6.6;x=\\""      | 1.2.3.4 | false | quoted quotes end no string
            for=6.6.6.6;x=" // for=1.2.3.4                | nobody  | false | a quote that is left open swallows no hop
            for=6.6.6.6;x=" // for="[2001:db8::7]"        | nobody  | false | nor does one that our proxy's quote closes
            # nodes
            for=unknown                                   | nobody  | false | unknown
            for=1.2.3.4, for=unknown                      | nobody  | false | unknown is not skipped
            for=unknown, for=1.2.3.4                      | 1.2.3.4 | false | unknown further out is not reached
            for=_hidden                                   | nobody  | false | an obfuscated node
            for="_hidden:80"                              | nobody  | false | an obfuscated node with a port
            for=example.com                               | nobody  | false | a name
            for="1.2.3.4:8080"                            | 1.2.3.4 | false | a port
            for="1.2.3.4:_p"                              | nobody  | false | an obfuscated port
            for="1.2.3.4:123456"                          | nobody  | false | a port of six digits
            for="1.2.3.4:"                                | nobody  | false | a colon without a port
            for=1.2.3.4:8080                              | nobody  | false | a colon wants quotes
            for=1.2.3.4, for="10.0.0.2:8080"              | 1.2.3.4 | false | our second proxy with a port
            for="[2001:db8::7]"                           | 2001:db8:0:0:0:0:0:7 | false | IPv6
            for="[2001:db8::7]:443"                       | 2001:db8:0:0:0:0:0:7 | false | IPv6 with a port
            for="[2001:DB8::7]"                           | 2001:db8:0:0:0:0:0:7 | false | IPv6 in upper case
            for="2001:db8::7"                             | 2001:db8:0:0:0:0:0:7 | false | IPv6 without brackets
            for="[::ffff:1.2.3.4]"                        | 1.2.3.4 | false | mapped
            for=[2001:db8::7]                             | nobody  | false | brackets want quotes
            for="[1.2.3.4]"                               | nobody  | false | IPv4 in brackets
            for="[fe80::1%eth0]"                          | nobody  | false | a zone
            for=10.1                                      | nobody  | false | inet_aton's shorthand
            for=010.0.0.2                                 | nobody  | false | a leading zero is not ours
            # schemes
            for=1.2.3.4;proto=https                       | 1.2.3.4 | true  | HTTPS
            for=1.2.3.4;proto="https"                     | 1.2.3.4 | true  | quoted
            for=1.2.3.4;proto=http                        | 1.2.3.4 | false | plain
            for=1.2.3.4;proto=""                          | 1.2.3.4 | false | empty
            for=6.6.6.6;proto=https, for=1.2.3.4;proto=http | 1.2.3.4 | false | each hop its own: the client's is plain
            for=6.6.6.6;proto=http, for=1.2.3.4;proto=https | 1.2.3.4 | true | each hop its own: the client's is HTTPS
            for=1.2.3.4;proto=https, for=10.0.0.2;proto=http | 1.2.3.4 | true | plain between our own proxies
            for=1.2.3.4;proto=http, for=10.0.0.2;proto=https | 1.2.3.4 | false | HTTPS between our own proxies alone
            for=1.2.3.4, for=10.0.0.2;proto=https         | 1.2.3.4 | false | the client's hop says nothing
            proto=https                                   | nobody  | true  | a scheme without a hop
            for=1.2.3.4;for=1.2.3.4;proto=https           | nobody  | false | what is not in form has no scheme
            """)
    void forwardedIsReadFromTheRight(@Nullable String value, String client, boolean secure, String reason) {
        Origin origin =
                proxies(ForwardedHeader.FORWARDED).origin(PROXY, false, headers(Map.of("Forwarded", lines(value))));

        assertThat(client(origin)).as(reason).isEqualTo(client);
        assertThat(origin.secure()).as(reason).isEqualTo(secure);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheConfiguredHeaderCounts(ForwardedHeader header) {
        Map<String, List<String>> headers = Map.of(
                "X-Forwarded-For", List.of("1.1.1.1"),
                "X-Forwarded-Proto", List.of("https"),
                "Forwarded", List.of("for=2.2.2.2"),
                "X-Real-IP", List.of("3.3.3.3"));

        Origin origin = proxies(header).origin(PROXY, false, headers(headers));

        assertThat(client(origin)).isEqualTo(header == ForwardedHeader.FORWARDED ? "2.2.2.2" : "1.1.1.1");
        assertThat(origin.secure()).isEqualTo(header == ForwardedHeader.X_FORWARDED_FOR);
    }

    @ParameterizedTest
    @EnumSource
    void headersOfAStrangerAreNotEvenAskedFor(ForwardedHeader header) {
        Function<String, List<String>> headers = name -> {
            throw new AssertionError("asked for " + name);
        };

        assertThat(proxies(header).origin("203.0.113.9", true, headers).secure())
                .isTrue();
        assertThat(proxies(header).origin("203.0.113.9", false, headers).secure())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void whoTrustsNobodyReadsNoHeader(ForwardedHeader header) {
        Function<String, List<String>> headers = name -> {
            throw new AssertionError("asked for " + name);
        };
        TrustedProxies nobody = new TrustedProxies(new IpAllowlist(List.of()), header);

        for (String peer : List.of("127.0.0.1", "::1", "10.0.0.1", "192.168.0.1", "fe80::1", "fd00::1")) {
            assertThat(nobody.origin(peer, false, headers).client()).isEqualTo(IpAddress.canonical(peer));
        }
    }

    @Test
    void secureConnectionStaysSecureWhereTheProxySaysNothing() {
        TrustedProxies proxies = proxies(ForwardedHeader.X_FORWARDED_FOR);

        assertThat(proxies.origin(PROXY, true, headers(Map.of())).secure()).isTrue();
        assertThat(proxies.origin(PROXY, true, headers(Map.of("X-Forwarded-Proto", List.of(""))))
                        .secure())
                .isTrue();
    }

    @Test
    void secureConnectionOfTheProxyDoesNotCountWhereAnOutsiderHasBrokenItsHeader() {
        Function<String, List<String>> headers =
                headers(Map.of("Forwarded", List.of("for=\"", "for=203.0.113.9;proto=http")));

        assertThat(proxies(ForwardedHeader.FORWARDED).origin(PROXY, true, headers))
                .isEqualTo(new Origin(null, false));
    }

    @Test
    void secureConnectionOfTheProxyDoesNotMakeThePlainClientSecure() {
        Function<String, List<String>> headers =
                headers(Map.of("X-Forwarded-For", List.of("1.2.3.4"), "X-Forwarded-Proto", List.of("http")));

        assertThat(proxies(ForwardedHeader.X_FORWARDED_FOR)
                        .origin(PROXY, true, headers)
                        .secure())
                .isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileTexts")
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void aMegabyteOfHostileTextIsReadInLinearTime(String unit, String text) {
        for (ForwardedHeader header : ForwardedHeader.values()) {
            for (String name : List.of("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")) {
                Origin origin = proxies(header).origin(PROXY, false, headers(Map.of(name, List.of(text))));

                assertThat(origin.client()).isNull();
            }
        }
        assertThat(proxies(ForwardedHeader.FORWARDED)
                        .origin(text, false, headers(Map.of()))
                        .client())
                .isNull();
    }

    static Stream<Arguments> hostileTexts() {
        int length = 1 << 20;
        return Stream.of(
                        ",",
                        ";",
                        "=",
                        "\"",
                        "\\",
                        " ",
                        ":",
                        ".",
                        "[",
                        "]",
                        "%",
                        "0",
                        "a:",
                        "1.",
                        "::",
                        "[:",
                        "for=",
                        "for=\"",
                        "for=\"\\",
                        "for=a;",
                        "for=,",
                        "for=\"\",",
                        "for=10.0.0.2,",
                        "10.0.0.2,",
                        "10.0.0.2:80,",
                        "[fd00::2]:80,",
                        ";;,",
                        "x=y;",
                        "proto=https,")
                .map(unit -> Arguments.of(unit, unit.repeat(length / unit.length())));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void aMegabyteInBracketsIsNotMatchedCharacterByCharacter() {
        String node = "[" + ":".repeat(1 << 20);

        for (String name : List.of("X-Forwarded-For", "Forwarded")) {
            String value = name.equals("Forwarded") ? "for=\"" + node + "\"" : node;
            TrustedProxies proxies =
                    proxies(name.equals("Forwarded") ? ForwardedHeader.FORWARDED : ForwardedHeader.X_FORWARDED_FOR);

            assertThat(proxies.origin(PROXY, false, headers(Map.of(name, List.of(value))))
                            .client())
                    .isNull();
        }
    }

    private static TrustedProxies proxies(ForwardedHeader header) {
        return new TrustedProxies(
                new IpAllowlist(List.of(IpRange.parse("10.0.0.0/8"), IpRange.parse("fd00::/8"))), header);
    }

    private static List<String> lines(@Nullable String value) {
        return value == null ? List.of() : Arrays.asList(value.split(" // ", -1));
    }

    private static Function<String, List<String>> headers(Map<String, List<String>> headers) {
        return name -> headers.getOrDefault(name, List.of());
    }

    private static String client(Origin origin) {
        return Objects.toString(origin.client(), "nobody");
    }
}
