package io.github.captchacallback.address;

import java.util.HexFormat;

/**
 * Reads IPv4 and IPv6 literals, without brackets, port or zone. What is read is handed on as two numbers and not returned:
 * an object for each request would be garbage at once.
 *
 * <p>A name is never looked up, and none of the shorthands of {@code inet_aton} ({@code 10.1}, {@code 010.0.0.1},
 * {@code 0x7f.1}) is understood, because two readers of one text could understand them differently.
 */
final class IpLiteral {

    /** The first 96 bits of an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2), which is what IPv4 is held as. */
    static final long IPV4_MAPPED = 0xffff_0000_0000L;

    private static final int IPV6_GROUPS = 8;
    private static final int GROUP_BITS = 16;
    private static final long MALFORMED = -1;

    private IpLiteral() {}

    /** Decides on an address, given as an unsigned number of 128 bits. */
    @FunctionalInterface
    interface Test {

        boolean test(long high, long low);
    }

    /** Returns what a test says of the address that a text stands for; false where it stands for none. */
    static boolean test(String text, Test test) {
        if (text.indexOf(':') >= 0) {
            return testIpv6(text, test);
        }
        long bits = ipv4Bits(text, 0);
        return bits != MALFORMED && test.test(0, IPV4_MAPPED | bits);
    }

    /** Reads four decimal numbers without leading zeros from an index to the end. */
    private static long ipv4Bits(String text, int from) {
        long bits = 0;
        int i = from;
        for (int octets = 0; octets < 4; octets++) {
            if (octets > 0 && (i >= text.length() || text.charAt(i++) != '.')) {
                return MALFORMED;
            }
            int start = i;
            int octet = 0;
            while (i < text.length() && i - start < 3 && isDigit(text.charAt(i))) {
                octet = octet * 10 + text.charAt(i++) - '0';
            }
            boolean leadingZero = i - start > 1 && text.charAt(start) == '0';
            if (i == start || leadingZero || octet > 255) {
                return MALFORMED;
            }
            bits = bits << 8 | octet;
        }
        return i == text.length() ? bits : MALFORMED;
    }

    /**
     * Reads groups of up to four hexadecimal digits, of which {@code ::} leaves out one or more (RFC 4291, section 2.2),
     * and which may end in an IPv4 address.
     */
    private static boolean testIpv6(String text, Test test) {
        long high = 0;
        long low = 0;
        long highBeforeGap = 0;
        long lowBeforeGap = 0;
        int groups = 0;
        int groupsBeforeGap = -1;
        int i = 0;
        if (text.startsWith("::")) {
            groupsBeforeGap = 0;
            i = 2;
        }
        while (i < text.length()) {
            int end = i;
            int group = 0;
            while (end < text.length() && end - i < 4 && HexFormat.isHexDigit(text.charAt(end))) {
                group = group << 4 | HexFormat.fromHexDigit(text.charAt(end++));
            }
            if (end < text.length() && text.charAt(end) == '.') {
                long bits = ipv4Bits(text, i);
                if (bits == MALFORMED) {
                    return false;
                }
                high = high << 32 | low >>> 32;
                low = low << 32 | bits;
                groups += 2;
                break;
            }
            if (end == i || groups == IPV6_GROUPS) {
                return false;
            }
            high = high << GROUP_BITS | low >>> (Long.SIZE - GROUP_BITS);
            low = low << GROUP_BITS | group;
            groups++;
            i = end;
            if (i == text.length()) {
                break;
            }
            // A colon stands between two groups, or is the first of two that stand for a gap.
            if (text.charAt(i++) != ':' || i == text.length()) {
                return false;
            }
            if (text.charAt(i) == ':') {
                if (groupsBeforeGap >= 0) {
                    return false;
                }
                groupsBeforeGap = groups;
                highBeforeGap = high;
                lowBeforeGap = low;
                high = 0;
                low = 0;
                i++;
            }
        }
        if (groupsBeforeGap < 0 ? groups != IPV6_GROUPS : groups >= IPV6_GROUPS) {
            return false;
        }
        if (groupsBeforeGap > 0) {
            int shift = (IPV6_GROUPS - groupsBeforeGap) * GROUP_BITS;
            boolean wide = shift >= Long.SIZE;
            high |= wide ? lowBeforeGap << (shift - Long.SIZE) : highBeforeGap << shift | lowBeforeGap >>> -shift;
            low |= wide ? 0 : lowBeforeGap << shift;
        }
        return test.test(high, low);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
