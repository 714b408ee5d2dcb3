package io.github.captchacallback.address;

import org.jspecify.annotations.Nullable;

/**
 * Holds an IP address as one unsigned number of 128 bits; an IPv4 address is held as its IPv4-mapped IPv6 address
 * (RFC 4291, section 2.5.5.2), which makes the two spellings one address.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

    /** The last 64 bits of the first IPv4-mapped address. */
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;

    static final IpAddress IPV4_FIRST = ipv4(0);
    static final IpAddress IPV4_LAST = ipv4(0xffff_ffffL);

    private static final int IPV6_GROUPS = 8;

    static IpAddress ipv4(long bits) {
        return new IpAddress(0, IPV4_MAPPED | bits);
    }

    boolean isIpv4() {
        return high == 0 && (low & ~0xffff_ffffL) == IPV4_MAPPED;
    }

    /** Reads an IPv4 or IPv6 literal, without brackets, port or zone; returns null for any other text. */
    public static @Nullable IpAddress parse(String text) {
        return IpLiteral.parse(text);
    }

    /** Returns the one spelling that is shown of a literal; null for any other text. */
    public static @Nullable String canonical(String text) {
        IpAddress address = parse(text);
        if (address == null) {
            return null;
        }
        // An IPv4 literal has no second spelling.
        return text.indexOf(':') < 0 ? text : address.toString();
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
