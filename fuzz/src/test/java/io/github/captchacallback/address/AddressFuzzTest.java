package io.github.captchacallback.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.github.captchacallback.FuzzText;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares literals, ranges and lists of them with the library {@code ipaddress}, the JDK and a search without a plan. */
class AddressFuzzTest {

    private static final int MAX_LENGTH = 512;
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern ADVICE = Pattern.compile("write (\\S+) for the block, or (\\S+) for the one address");

    @FuzzTest(maxDuration = "10m")
    void aLiteralIsReadAsOthersReadIt(byte[] input) throws UnknownHostException {
        String text = FuzzText.of(input);
        IpAddress address = IpAddress.parse(text);
        BigInteger expected = StrictLiteral.parse(text);
        assertThat(address == null).as(text).isEqualTo(expected == null);
        if (address == null || expected == null) {
            return;
        }
        assertThat(number(address)).as(text).isEqualTo(expected);
        assertThat(number(address)).isEqualTo(StrictLiteral.number(InetAddress.getByName(text)));
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        assertThat(IpAddress.parse(text.toUpperCase(Locale.ROOT))).isEqualTo(address);
        if (address.isIpv4()) {
            assertThat(address.toString()).matches("[0-9.]+");
            assertThat(IpAddress.parse("::ffff:" + address)).isEqualTo(address);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void aRangeIsReadAsOthersReadIt(byte[] input) {
        String text = FuzzText.of(input);
        if (text.length() > MAX_LENGTH) {
            return;
        }
        IpRange range;
        try {
            range = IpRange.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(expectedEnds(text)).as(text).isNull();
            checkAdvice(text, String.valueOf(e.getMessage()));
            return;
        }
        List<BigInteger> ends = List.of(number(range.first()), number(range.last()));
        assertThat(ends).as(text).isEqualTo(expectedEnds(text));
        if (isOfOneFamily(range)) {
            assertThat(IpRange.parse(range.first() + "-" + range.last())).isEqualTo(range);
        }
    }

    /** Returns both ends of what a text describes, or null where it describes nothing. */
    private static @Nullable List<BigInteger> expectedEnds(String text) {
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        if (slash >= 0) {
            return expectedBlock(text.substring(0, slash), text.substring(slash + 1));
        }
        BigInteger first =
                StrictLiteral.parse(dash < 0 ? text : text.substring(0, dash).strip());
        BigInteger last =
                StrictLiteral.parse(dash < 0 ? text : text.substring(dash + 1).strip());
        if (first == null || last == null || first.compareTo(last) > 0) {
            return null;
        }
        return StrictLiteral.isIpv4(first) == StrictLiteral.isIpv4(last) ? List.of(first, last) : null;
    }

    private static @Nullable List<BigInteger> expectedBlock(String literal, String length) {
        BigInteger address = StrictLiteral.parse(literal);
        int width = literal.indexOf(':') < 0 ? 32 : 128;
        if (address == null || !LENGTH.matcher(length).matches() || Integer.parseInt(length) > width) {
            return null;
        }
        IPAddress block = new IPAddressString(literal)
                .getAddress()
                .setPrefixLength(Integer.parseInt(length), false)
                .toPrefixBlock();
        BigInteger first = StrictLiteral.number(block.getLower().toInetAddress());
        return first.equals(address)
                ? List.of(first, StrictLiteral.number(block.getUpper().toInetAddress()))
                : null;
    }

    /** Whoever follows the advice is not refused again. */
    private static void checkAdvice(String text, String message) {
        assertThat(message).isNotBlank();
        Matcher advice = ADVICE.matcher(message);
        if (advice.find()) {
            IpRange block = IpRange.parse(advice.group(1));
            IpRange address = IpRange.parse(advice.group(2));
            assertThat(block.first().compareTo(address.first())).as(text).isNotPositive();
            assertThat(block.last().compareTo(address.last())).as(text).isNotNegative();
        }
    }

    /** The first line is a client; the others are the list, entries that are none left out. */
    @FuzzTest(maxDuration = "10m")
    void aListHoldsWhatOneOfItsRangesHolds(byte[] input) {
        List<String> lines = FuzzText.lines(input);
        List<IpRange> ranges = lines.stream()
                .skip(1)
                .filter(line -> expectedEnds(line) != null)
                .map(IpRange::parse)
                .toList();
        IpAllowlist list = new IpAllowlist(ranges);
        Stream<String> ends = ranges.stream()
                .flatMap(range -> Stream.of(range.first(), range.last()))
                .map(String::valueOf);
        Stream.concat(Stream.of(lines.get(0)), ends).forEach(client -> {
            BigInteger number = StrictLiteral.parse(client);
            boolean expected = number != null && ranges.stream().anyMatch(range -> holds(range, number));
            assertThat(permits(list, client)).as("%s in %s", client, ranges).isEqualTo(expected);
        });
    }

    /** An IPv6 block may reach over the mapped addresses; these are IPv4, and none of its own. */
    private static boolean holds(IpRange range, BigInteger client) {
        return StrictLiteral.isIpv4(number(range.first())) == StrictLiteral.isIpv4(client)
                && number(range.first()).compareTo(client) <= 0
                && number(range.last()).compareTo(client) >= 0;
    }

    private static boolean isOfOneFamily(IpRange range) {
        return StrictLiteral.isIpv4(number(range.first())) == StrictLiteral.isIpv4(number(range.last()));
    }

    private static boolean permits(IpAllowlist list, String client) {
        return list.permits(client);
    }

    private static BigInteger number(IpAddress address) {
        return StrictLiteral.number(address.high(), address.low());
    }
}
