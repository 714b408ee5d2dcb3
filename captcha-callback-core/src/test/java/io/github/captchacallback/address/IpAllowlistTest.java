package io.github.captchacallback.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.source.SourceFilter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAllowlistTest {

    private static final long SEED = 4632;

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, 9.255.255.255",
        "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "10.0.0.1, 10.0.0.1, 10.0.0.0",
        "10.0.0.1, 10.0.0.1, 10.0.0.2",
        "10.0.0.1-10.0.0.9, 10.0.0.1, 10.0.0.0",
        "10.0.0.1-10.0.0.9, 10.0.0.9, 10.0.0.10",
        "0.0.0.0/0, 0.0.0.0, ::fffe:ffff:ffff",
        "0.0.0.0/0, 255.255.255.255, ::1:0:0:0",
        "128.0.0.0/1, 255.255.255.255, 127.255.255.255",
        "2a01:4f8::/32, 2a01:4f8::, 2a01:4f7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2a01:4f8::/32, 2a01:4f8:ffff:ffff:ffff:ffff:ffff:ffff, 2a01:4f9::",
        "2001:db8::/64, 2001:db8::8000:0:0:0, 2001:db8:0:1::",
        "8000::/1, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void containsTheFirstAndTheLastAddressAndNotTheirNeighbours(String range, String inside, String outside) {
        assertThat(allowlist(range).permits(inside)).isTrue();
        assertThat(allowlist(range).permits(outside)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, a00::1",
        "10.0.0.0/8, ::10.0.0.1",
        "10.0.0.0/8, ::ffff:0:10.0.0.1",
        "32.1.13.184, 2001:db8::",
        "2001:db8::/64, 32.1.13.184",
        "0.0.0.0/0, ::",
        "0.0.0.0/0, ::1",
        "0.0.0.0/0, ::1.2.3.4",
        "0.0.0.0/0, 2001:db8::1",
        "::/0, 0.0.0.0",
        "::/0, 1.2.3.4",
        "::/0, 255.255.255.255",
        "::/0, ::ffff:1.2.3.4",
        "::/1, 1.2.3.4",
        "::/64, 1.2.3.4",
        "::/79, 1.2.3.4",
        "::/80, 0.0.0.0",
        "::/80, 1.2.3.4",
        "::/80, 255.255.255.255",
        "::8000:0:0/81, 1.2.3.4",
        "::ff00:0:0/88, 1.2.3.4",
        "::fffe:0:0/95, 1.2.3.4",
        "::-::1:0:0:0, 1.2.3.4",
        "::1/128, 0.0.0.1"
    })
    void familiesNeverCross(String range, String address) {
        assertThat(allowlist(range).permits(address)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "::/0, ::1",
        "::/0, ::fffe:ffff:ffff",
        "::/0, ::1:0:0:0",
        "::/80, ::",
        "::/80, ::fffe:ffff:ffff",
        "::fffe:0:0/95, ::fffe:0:0",
        "::fffe:0:0/95, ::fffe:ffff:ffff",
        "::/79, ::1:0:0:0"
    })
    void ipv6BlocksAroundTheMappedAddressesKeepTheirOwn(String range, String address) {
        assertThat(allowlist(range).permits(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "138.201.0.0/16, ::ffff:138.201.1.1",
        "138.201.0.0/16, ::FFFF:8ac9:101",
        "::ffff:138.201.0.0/112, 138.201.1.1",
        "::ffff:138.201.1.1, 138.201.1.1",
        "::ffff:0:0/96, 1.2.3.4"
    })
    void mappedFormAndIpv4AreOneAddress(String range, String address) {
        assertThat(allowlist(range).permits(address)).isTrue();
    }

    @Test
    void rangesMayOverlapNestTouchAndRepeatInAnyOrder() {
        IpAllowlist allowlist = allowlist(
                "10.0.2.0/24",
                "10.0.0.0/24",
                "10.0.1.0/24",
                "10.0.0.128-10.0.1.5",
                "10.0.0.7",
                "10.0.0.0/24",
                "10.0.9.0-10.0.9.9",
                "10.0.9.3-10.0.9.4",
                "10.0.9.8-10.0.9.20");

        assertThat(allowlist.permits("9.255.255.255")).isFalse();
        assertThat(allowlist.permits("10.0.0.0")).isTrue();
        assertThat(allowlist.permits("10.0.0.255")).isTrue();
        assertThat(allowlist.permits("10.0.1.0")).isTrue();
        assertThat(allowlist.permits("10.0.2.255")).isTrue();
        assertThat(allowlist.permits("10.0.3.0")).isFalse();
        assertThat(allowlist.permits("10.0.8.255")).isFalse();
        assertThat(allowlist.permits("10.0.9.5")).isTrue();
        assertThat(allowlist.permits("10.0.9.9")).isTrue();
        assertThat(allowlist.permits("10.0.9.20")).isTrue();
        assertThat(allowlist.permits("10.0.9.21")).isFalse();
    }

    @Test
    void aWideRangeKeepsItsEndWhenNarrowOnesFollowWithinIt() {
        IpAllowlist allowlist = allowlist("10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "10.1.0.0/16");

        assertThat(allowlist.permits("10.255.255.255")).isTrue();
        assertThat(allowlist.permits("10.2.0.0")).isTrue();
    }

    @Test
    void anEmptyListPermitsNobody() {
        assertThat(new IpAllowlist(List.of()).permits("1.2.3.4")).isFalse();
        assertThat(new IpAllowlist(List.of()).permits("::")).isFalse();
    }

    @Test
    void aClientThatCannotBeToldIsPermittedByNoListAndByEveryone() {
        assertThat(allowlist("0.0.0.0/0", "::/0").permits(null)).isFalse();
        assertThat(SourceFilter.everyone().permits(null)).isTrue();
        assertThat(SourceFilter.everyone().permits("1.2.3.4")).isTrue();
    }

    @ParameterizedTest(name = "{0} is permitted: {1}")
    @CsvSource({
        "2001:db8:0:1::1, false",
        "2001:db8:0:1::2, true",
        "2001:db8:0:1::3, false",
        "2001:db8:0:1::8, true",
        "2001:db8:0:1:8000::, true",
        "2001:db8:0:1:8000::1, false",
        "2001:db8:0:0:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:0:ffff::, false",
        "2001:db8:0:2::, false",
    })
    void decidesBetweenBlocksThatShareTheirFirstHalf(String client, boolean permitted) {
        IpAllowlist allowlist = allowlist(
                "2001:db8:0:0:ffff:ffff:ffff:ffff",
                "2001:db8:0:1::2",
                "2001:db8:0:1::4",
                "2001:db8:0:1::8/125",
                "2001:db8:0:1:8000::");

        assertThat(allowlist.permits(client)).isEqualTo(permitted);
    }

    @Test
    void laterChangesToTheGivenRangesChangeNothing() {
        List<IpRange> ranges = new ArrayList<>(List.of(IpRange.parse("10.0.0.1")));
        IpAllowlist allowlist = new IpAllowlist(ranges);
        ranges.set(0, IpRange.parse("10.0.0.2"));

        assertThat(allowlist.permits("10.0.0.1")).isTrue();
        assertThat(allowlist.permits("10.0.0.2")).isFalse();
    }

    @Test
    void decidesAsAListThatIsSearchedFromEndToEnd() {
        Random random = new Random(SEED);
        for (int round = 0; round < 1_000; round++) {
            List<IpRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                ranges.add(randomRange(random));
            }
            IpAllowlist allowlist = new IpAllowlist(ranges);
            for (IpAddress address : interesting(ranges, random)) {
                assertThat(allowlist.permits(address.toString()))
                        .as("%s in %s", address, ranges)
                        .isEqualTo(naive(ranges, address));
            }
        }
    }

    private static boolean naive(List<IpRange> ranges, IpAddress address) {
        BigInteger number = number(address);
        for (IpRange range : ranges) {
            boolean rangeIsIpv4 = isIpv4(number(range.first())) && isIpv4(number(range.last()));
            if (rangeIsIpv4 == isIpv4(number)
                    && number.compareTo(number(range.first())) >= 0
                    && number.compareTo(number(range.last())) <= 0) {
                return true;
            }
        }
        return false;
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(address.low())));
    }

    private static boolean isIpv4(BigInteger number) {
        return number.shiftRight(32).equals(BigInteger.valueOf(0xffff));
    }

    private static List<IpAddress> interesting(List<IpRange> ranges, Random random) {
        List<IpAddress> addresses = new ArrayList<>(List.of(
                address("::"),
                address("::fffe:ffff:ffff"),
                address("0.0.0.0"),
                address("255.255.255.255"),
                address("::1:0:0:0"),
                address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
                randomAddress(random)));
        for (IpRange range : ranges) {
            for (IpAddress end : List.of(range.first(), range.last())) {
                addresses.addAll(List.of(end.previous(), end, end.next()));
            }
        }
        return addresses;
    }

    private static IpRange randomRange(Random random) {
        IpAddress address = randomAddress(random);
        if (random.nextInt(3) == 0) {
            return new IpRange(address, address);
        }
        int prefix = address.isIpv4() && random.nextInt(8) > 0 ? 96 + random.nextInt(33) : random.nextInt(129);
        long highMask = prefix >= 64 ? -1 : prefix == 0 ? 0 : -1L << (64 - prefix);
        long lowMask = prefix <= 64 ? 0 : -1L << (128 - prefix);
        IpAddress first = new IpAddress(address.high() & highMask, address.low() & lowMask);
        IpRange block =
                IpRange.parse(first.isIpv4() && prefix >= 96 ? first + "/" + (prefix - 96) : first + "/" + prefix);
        if (random.nextBoolean() && block.first().isIpv4() == address.isIpv4()) {
            return IpRange.parse(block.first() + "-" + address);
        }
        return block;
    }

    /** Draws from few and close values, so that ranges meet. */
    private static IpAddress randomAddress(Random random) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> IpAddress.ipv4(0x0a00_0000L | (long) random.nextInt(8) << 8 | random.nextInt(6));
            case 2 -> new IpAddress(0, random.nextInt(0x10002) * 0x1_0000_0000L + random.nextInt(3));
            default -> new IpAddress(0x2001_0db8_0000_0000L | random.nextInt(4), random.nextInt(4) - 2L);
        };
    }

    private static IpAllowlist allowlist(String... ranges) {
        return new IpAllowlist(Arrays.stream(ranges).map(IpRange::parse).toList());
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }
}
