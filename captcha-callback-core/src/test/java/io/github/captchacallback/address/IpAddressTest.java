package io.github.captchacallback.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    private static final long SEED = 4291;
    private static final int ROUNDS = 20_000;

    private static final IpAllowlist EVERY_ADDRESS =
            new IpAllowlist(List.of(IpRange.parse("0.0.0.0/0"), IpRange.parse("::/0")));

    @ParameterizedTest(name = "{0} is {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # IPv4
            0.0.0.0                     | 0.0.0.0                | the first
            255.255.255.255             | 255.255.255.255        | the last
            1.2.3.4                     | 1.2.3.4                | plain
            10.100.0.9                  | 10.100.0.9             | one, two and three digits
            256.0.0.1                   | refused                | an octet past 255, in front
            1.2.3.256                   | refused                | an octet past 255, at the end
            1.2.3.999                   | refused                | three digits
            1.2.3.1000                  | refused                | four digits
            10                          | refused                | inet_aton: one number
            10.1                        | refused                | inet_aton: 10.0.0.1
            127.1                       | refused                | inet_aton: 127.0.0.1
            10.1.2                      | refused                | inet_aton: 10.1.0.2
            1.2.3.4.5                   | refused                | five octets
            1.2.3                       | refused                | three octets
            1.2.3.                      | refused                | a missing octet
            1.2.3.4.                    | refused                | a dot behind
            .1.2.3.4                    | refused                | a dot in front
            1..2.3                      | refused                | an empty octet
            ...                         | refused                | dots alone
            .                           | refused                | a dot alone
            010.0.0.1                   | refused                | octal to some, decimal to others
            10.0.0.01                   | refused                | a leading zero
            10.0.0.00                   | refused                | zero has one spelling
            0x7f.1                      | refused                | hexadecimal
            0x7f.0.0.1                  | refused                | hexadecimal, four octets
            0x7f000001                  | refused                | hexadecimal, one number
            2130706433                  | refused                | 127.0.0.1 as one number
            017700000001                | refused                | 127.0.0.1 in octal
            1e1.0.0.1                   | refused                | an exponent
            a.b.c.d                     | refused                | hexadecimal digits
            1.2.3.a                     | refused                | a letter for an octet
            1.2.3.4a                    | refused                | a letter behind
            +1.2.3.4                    | refused                | a sign
            1.2.3.-4                    | refused                | a sign further on
            `1.2.3.4 `                  | refused                | a space behind
            ` 1.2.3.4`                  | refused                | a space in front
            `1. 2.3.4`                  | refused                | a space within
            1,2,3,4                     | refused                | commas
            1.2.3.4/32                  | refused                | a block
            1.2.3.4/33                  | refused                | a block past the width
            1.2.3.4/-1                  | refused                | a block below zero
            1.2.3.4/                    | refused                | a slash
            1.2.3.4-1.2.3.5             | refused                | a range
            1.2.3.*                     | refused                | a wildcard
            1.2.3.4:8080                | refused                | a port
            1.2.3.4%eth0                | refused                | a zone
            [1.2.3.4]                   | refused                | brackets
            http://1.2.3.4              | refused                | a URL
            １.2.3.4                    | refused                | a full-width digit
            ١.٢.٣.٤                     | refused                | Arabic-Indic digits
            1.2.3.²                     | refused                | a superscript digit
            1。2。3。4                   | refused                | ideographic full stops
            # no address at all
            ``                          | refused                | empty
            ` `                         | refused                | a space
            *                           | refused                | a wildcard
            localhost                   | refused                | a name
            example.com                 | refused                | a name with a dot
            cafe                        | refused                | a name of hexadecimal digits
            unknown                     | refused                | a word of RFC 7239
            _hidden                     | refused                | an obfuscated node of RFC 7239
            # IPv6
            ::                          | 0:0:0:0:0:0:0:0        | the first
            ::1                         | 0:0:0:0:0:0:0:1        | a gap in front
            1::                         | 1:0:0:0:0:0:0:0        | a gap behind
            2001:db8::1                 | 2001:db8:0:0:0:0:0:1   | a gap within
            2001:DB8::A                 | 2001:db8:0:0:0:0:0:a   | upper case
            1:2:3:4:5:6:7:8             | 1:2:3:4:5:6:7:8        | no gap
            1:2:3:4:5:6:7::             | 1:2:3:4:5:6:7:0        | a gap of one group, behind
            ::2:3:4:5:6:7:8             | 0:2:3:4:5:6:7:8        | a gap of one group, in front
            1:2:3:4::6:7:8              | 1:2:3:4:0:6:7:8        | a gap of one group, within
            1:2:3::8                    | 1:2:3:0:0:0:0:8        | a gap over the middle
            0001::000a                  | 1:0:0:0:0:0:0:a        | leading zeros up to four digits
            ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | the last
            1:2:3:4:5:6:7:8::           | refused                | eight groups and a gap behind
            ::1:2:3:4:5:6:7:8           | refused                | eight groups and a gap in front
            1:2:3:4::5:6:7:8            | refused                | eight groups and a gap within
            1:2:3:4:5:6:7               | refused                | seven groups
            1:2:3:4:5:6:7:8:9           | refused                | nine groups
            1:2:3:4:5:6:7:              | refused                | a colon behind
            1:2:3:4:5:6:7:8:            | refused                | a colon behind eight groups
            :1:2:3:4:5:6:7              | refused                | a colon in front
            :1:2:3:4:5:6:7:8            | refused                | a colon in front of eight groups
            ::1::                       | refused                | two gaps
            1::2::3                     | refused                | two gaps within
            :                           | refused                | one colon
            :::                         | refused                | three colons
            ::::                        | refused                | four colons
            1:::2                       | refused                | three colons within
            ::1:                        | refused                | a colon behind a gap
            12345::                     | refused                | five digits
            ::12345                     | refused                | five digits at the end
            ::00001                     | refused                | five digits, though small
            ::g                         | refused                | no hexadecimal digit
            ::-1                        | refused                | a sign
            ::0x1                       | refused                | a prefix
            `::1 `                      | refused                | a space behind
            ` ::1`                      | refused                | a space in front
            ::１                        | refused                | a full-width digit
            ::Ａ                        | refused                | a full-width letter
            fe80::1                     | fe80:0:0:0:0:0:0:1     | link-local, without a zone
            fe80::1%eth0                | refused                | a zone
            fe80::1%25eth0              | refused                | a zone, escaped
            fe80::1%                    | refused                | an empty zone
            [::1]                       | refused                | brackets
            [::1]:8080                  | refused                | brackets and a port
            ::1]                        | refused                | half of the brackets
            ::1/128                     | refused                | a block
            # IPv4 inside IPv6
            ::ffff:1.2.3.4              | 1.2.3.4                | mapped: the IPv4 address itself
            ::FFFF:1.2.3.4              | 1.2.3.4                | mapped, upper case
            ::ffff:102:304              | 1.2.3.4                | mapped, in groups
            0:0:0:0:0:ffff:1.2.3.4      | 1.2.3.4                | mapped, written out
            ::ffff:0:0                  | 0.0.0.0                | mapped, the first
            ::ffff:ffff:ffff            | 255.255.255.255        | mapped, the last
            ::fffe:ffff:ffff            | 0:0:0:0:0:fffe:ffff:ffff | the one before the mapped
            ::1:0:0:0                   | 0:0:0:0:1:0:0:0        | the one behind the mapped
            ::1.2.3.4                   | 0:0:0:0:0:0:102:304    | compatible (deprecated): IPv6, and not 1.2.3.4
            ::ffff:0:1.2.3.4            | 0:0:0:0:ffff:0:102:304 | translated (RFC 2765): IPv6
            64:ff9b::1.2.3.4            | 64:ff9b:0:0:0:0:102:304 | NAT64 (RFC 6052): IPv6
            2002:102:304::              | 2002:102:304:0:0:0:0:0 | 6to4: IPv6
            1:2:3:4:5:6:1.2.3.4         | 1:2:3:4:5:6:102:304    | six groups in front
            1:2:3:4:5::1.2.3.4          | 1:2:3:4:5:0:102:304    | five groups and a gap of one
            1:2:3:4:5:6::1.2.3.4        | refused                | a gap for nothing
            1:2:3:4:5:6:7:1.2.3.4       | refused                | seven groups in front
            1:2:3:4:5:1.2.3.4           | refused                | five groups in front
            ::ffff:1.2.3                | refused                | three octets
            ::ffff:1.2.3.4.5            | refused                | five octets
            ::ffff:1.2.3.256            | refused                | an octet past 255
            ::ffff:01.2.3.4             | refused                | a leading zero
            ::ffff:a.2.3.4              | refused                | a hexadecimal octet
            ::ffff:1.2.3.4:5            | refused                | a group behind
            ::1.2.3.4::                 | refused                | a gap behind
            1.2.3.4::                   | refused                | IPv4 in front
            ::.1.2.3                    | refused                | a dot in front
            """)
    void parseDecidesEachOddLiteral(String text, String expected, String reason) {
        IpAddress address = IpAddress.parse(text);

        assertThat(address == null ? "refused" : address.toString()).as(reason).isEqualTo(expected);
        assertThat(EVERY_ADDRESS.permits(text)).as(reason).isEqualTo(address != null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4\n",
                "1.2.3.4\r",
                "1.2.3.4\t",
                "1.2.3.4\0",
                "\u200b1.2.3.4",
                "\ufeff1.2.3.4",
                "1.2.3.4\u00a0",
                "::1\n",
                "::1\0",
                "::\u200b1",
                "::1\u2028"
            })
    void parseWhenAnInvisibleCharacterIsInItThenRefuses(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Test
    void parseWhenTextIsHugeThenRefusesWithoutReadingIt() {
        assertThat(IpAddress.parse("1".repeat(1 << 20))).isNull();
        assertThat(IpAddress.parse("1:".repeat(1 << 20))).isNull();
        assertThat(IpAddress.parse("::" + "0".repeat(1 << 20))).isNull();
    }

    @Test
    void parseReadsWhatTheJdkPrints() throws UnknownHostException {
        Random random = new Random(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            InetAddress expected = InetAddress.getByAddress(bytes);

            assertThat(IpAddress.parse(expected.getHostAddress()))
                    .as(expected.getHostAddress())
                    .isEqualTo(ofJdk(expected));
        }
    }

    @Test
    void parseReadsEverySpellingAsTheJdkDoes() throws UnknownHostException {
        Random random = new Random(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            String literal = randomLiteral(random);

            assertThat(IpAddress.parse(literal)).as(literal).isEqualTo(ofJdk(InetAddress.getByName(literal)));
        }
    }

    @Test
    void parseAcceptsNothingThatTheJdkReadsDifferently() throws UnknownHostException {
        String alphabet = "0123456789abcdefABCDEF::::....%[]/ -x";
        Random random = new Random(SEED);
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(randomLiteral(random));
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(text.length());
                String replacement = random.nextInt(3) == 0
                        ? ""
                        : String.valueOf(alphabet.charAt(random.nextInt(alphabet.length())));
                text.replace(at, at + (random.nextBoolean() && text.length() > 1 ? 1 : 0), replacement);
            }
            IpAddress address = IpAddress.parse(text.toString());
            if (address != null) {
                accepted++;
                assertThat(address).as(text.toString()).isEqualTo(ofJdk(InetAddress.getByName(text.toString())));
            }
        }
        assertThat(accepted).isGreaterThan(ROUNDS / 20);
    }

    @Test
    void toStringGivesALiteralThatParsesToTheSameAddress() {
        Random random = new Random(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            IpAddress address =
                    random.nextBoolean() ? IpAddress.ipv4(random.nextInt() & 0xffff_ffffL) : randomIpv6(random);

            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4, 1.2.3.5",
        "9.255.255.255, 10.0.0.0",
        "127.255.255.255, 128.0.0.0",
        "::7fff:ffff:ffff:ffff, ::8000:0:0:0",
        "::ffff:ffff:ffff:ffff, 0:0:0:1::",
        "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 8000::",
        "::fffe:ffff:ffff, 0.0.0.0",
        "255.255.255.255, ::1:0:0:0",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void addressesAreOrderedAsUnsignedNumbers(String before, String after) {
        assertThat(address(before)).isLessThan(address(after));
        assertThat(address(after)).isGreaterThan(address(before));
        assertThat(address(before).next()).isEqualTo(address(after));
        assertThat(address(after).previous()).isEqualTo(address(before));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, true",
        "255.255.255.255, true",
        "::ffff:1.2.3.4, true",
        "::1.2.3.4, false",
        "::, false",
        "::fffe:ffff:ffff, false",
        "::1:0:0:0, false",
        "1::ffff:1.2.3.4, false"
    })
    void onlyIpv4AndItsMappedFormAreIpv4(String text, boolean expected) {
        assertThat(address(text).isIpv4()).isEqualTo(expected);
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }

    private static IpAddress ofJdk(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? IpAddress.ipv4(bytes.getInt() & 0xffff_ffffL)
                : new IpAddress(bytes.getLong(), bytes.getLong());
    }

    private static IpAddress randomIpv6(Random random) {
        return new IpAddress(random.nextLong(), random.nextLong());
    }

    /** Makes a valid literal: any family, any place for the gap, IPv4 at the end or not, any case, leading zeros. */
    private static String randomLiteral(Random random) {
        if (random.nextInt(4) == 0) {
            return randomIpv4(random);
        }
        boolean dotted = random.nextInt(4) == 0;
        int groups = dotted ? 6 : 8;
        int gap = random.nextBoolean() ? random.nextInt(groups + 1) : -1;
        int left = gap < 0 ? groups : random.nextInt(groups);
        int before = gap < 0 ? left : Math.min(gap, left);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < before; i++) {
            text.append(i == 0 ? "" : ":").append(randomGroup(random));
        }
        if (gap >= 0) {
            text.append("::");
        } else if (dotted) {
            text.append(':');
        }
        for (int i = before; i < left; i++) {
            text.append(i == before ? "" : ":").append(randomGroup(random));
        }
        if (dotted) {
            text.append(left > before ? ":" : "").append(randomIpv4(random));
        }
        return text.toString();
    }

    private static String randomGroup(Random random) {
        int group = random.nextInt(3) == 0 ? 0xffff * random.nextInt(2) : random.nextInt(0x10000);
        String text = String.format(Locale.ROOT, "%0" + (1 + random.nextInt(4)) + "x", group);
        return random.nextBoolean() ? text : text.toUpperCase(Locale.ROOT);
    }

    private static String randomIpv4(Random random) {
        return random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
    }
}
