package io.github.captchacallback.address;

import org.jspecify.annotations.Nullable;

/**
 * Holds an IP address as one unsigned number of 128 bits; an IPv4 address is held as its IPv4-mapped IPv6 address
 * (RFC 4291, section 2.5.5.2), which makes the two spellings one address.
 *
 * <p>Only literals are read: a name is never looked up, and none of the shorthands of {@code inet_aton} ({@code 10.1},
 * {@code 010.0.0.1}, {@code 0x7f.1}) is understood, because two readers of one text could understand them differently.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

    static final IpAddress IPV4_FIRST = ipv4(0);
    static final IpAddress IPV4_LAST = ipv4(0xffff_ffffL);

    private static final long MAPPED = 0xffff_0000_0000L;
    private static final int IPV6_GROUPS = 8;

    static IpAddress ipv4(long bits) {
        return new IpAddress(0, MAPPED | bits);
    }

    boolean isIpv4() {
        return high == 0 && (low & ~0xffff_ffffL) == MAPPED;
    }

    /** Reads an IPv4 or IPv6 literal, without brackets, port or zone; returns null for any other text. */
    public static @Nullable IpAddress parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
    }

    private static @Nullable IpAddress parseIpv4(String text) {
        long bits = ipv4Bits(text, 0);
        return bits < 0 ? null : ipv4(bits);
    }

    /** Reads four decimal numbers without leading zeros from an index to the end; returns -1 for anything else. */
    private static long ipv4Bits(String text, int from) {
        long bits = 0;
        int octets = 0;
        int i = from;
        while (octets < 4) {
            int start = i;
            int octet = 0;
            while (i < text.length() && i - start < 3 && isDigit(text.charAt(i))) {
                octet = octet * 10 + text.charAt(i) - '0';
                i++;
            }
            boolean leadingZero = i - start > 1 && text.charAt(start) == '0';
            if (i == start || leadingZero || octet > 255) {
                return -1;
            }
            bits = bits << 8 | octet;
            octets++;
            if (octets < 4 && (i >= text.length() || text.charAt(i++) != '.')) {
                return -1;
            }
        }
        return i == text.length() ? bits : -1;
    }

    private static @Nullable IpAddress parseIpv6(String text) {
        int[] groups = new int[IPV6_GROUPS];
        int count = 0;
        int gap = -1;
        int i = 0;
        if (text.startsWith("::")) {
            gap = 0;
            i = 2;
        }
        while (i < text.length()) {
            if (count == IPV6_GROUPS) {
                return null;
            }
            int end = i;
            int group = 0;
            while (end < text.length() && end - i < 4 && hex(text.charAt(end)) >= 0) {
                group = group << 4 | hex(text.charAt(end));
                end++;
            }
            if (end < text.length() && text.charAt(end) == '.') {
                long bits = ipv4Bits(text, i);
                if (bits < 0 || count > IPV6_GROUPS - 2) {
                    return null;
                }
                groups[count++] = (int) (bits >>> 16);
                groups[count++] = (int) bits & 0xffff;
                break;
            }
            if (end == i) {
                return null;
            }
            groups[count++] = group;
            i = end;
            if (i == text.length()) {
                break;
            }
            if (text.charAt(i++) != ':') {
                return null;
            }
            if (i < text.length() && text.charAt(i) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                i++;
            } else if (i == text.length()) {
                return null;
            }
        }
        return assemble(groups, count, gap);
    }

    /** Spreads the groups around the gap; RFC 5952 aside, {@code ::} stands for at least one group (RFC 4291). */
    private static @Nullable IpAddress assemble(int[] groups, int count, int gap) {
        if (gap < 0 ? count != IPV6_GROUPS : count >= IPV6_GROUPS) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int position = 0; position < IPV6_GROUPS; position++) {
            int index = position;
            if (gap >= 0 && position >= gap) {
                index = position - (IPV6_GROUPS - count);
            }
            long group = gap >= 0 && index < gap && position >= gap ? 0 : groups[index];
            if (position < IPV6_GROUPS / 2) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        return new IpAddress(high, low);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int hex(char c) {
        if (isDigit(c)) {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Returns the address that follows; the last one is followed by the first. */
    IpAddress next() {
        return new IpAddress(low == -1 ? high + 1 : high, low + 1);
    }

    /** Returns the address before; the first one is preceded by the last. */
    IpAddress previous() {
        return new IpAddress(low == 0 ? high - 1 : high, low - 1);
    }

    /** Returns the literal: dotted decimal for IPv4, eight groups of hex without a shorthand for IPv6. */
    @Override
    public String toString() {
        if (isIpv4()) {
            return (low >>> 24 & 0xff) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
        }
        StringBuilder text = new StringBuilder();
        for (int position = 0; position < IPV6_GROUPS; position++) {
            long half = position < 4 ? high : low;
            text.append(position == 0 ? "" : ":")
                    .append(Long.toHexString((half >>> (48 - 16 * (position % 4))) & 0xffff));
        }
        return text.toString();
    }
}
