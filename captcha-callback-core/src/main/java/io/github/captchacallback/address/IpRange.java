package io.github.captchacallback.address;

import org.jspecify.annotations.Nullable;

/**
 * Holds a range of addresses of one family, both ends included.
 *
 * @param first the lowest address
 * @param last the highest address
 */
public record IpRange(IpAddress first, IpAddress last) {

    private static final String ONE_FAMILY = "a range has both ends in one family";

    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException where the range ends before it begins, or begins in IPv4 and ends behind it
     */
    public IpRange {
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("the range ends before it begins; write " + last + "-" + first);
        }
        if (first.isIpv4() && !last.isIpv4()) {
            throw new IllegalArgumentException(ONE_FAMILY);
        }
    }

    /**
     * Reads an address, a CIDR block (RFC 4632) or a range {@code first-last}.
     *
     * @throws IllegalArgumentException where the text is none of these, with what to write instead
     */
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        if (slash >= 0) {
            return block(text, literal(text.substring(0, slash)), text.substring(slash + 1));
        }
        if (dash >= 0) {
            return range(
                    literal(text.substring(0, dash).strip()),
                    literal(text.substring(dash + 1).strip()));
        }
        IpAddress address = literal(text);
        return new IpRange(address, address);
    }

    private static IpRange block(String text, IpAddress address, String length) {
        boolean writtenAsIpv4 = text.indexOf(':') < 0;
        int width = writtenAsIpv4 ? 32 : 128;
        int prefix = length.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(length) : -1;
        if (prefix < 0 || prefix > width) {
            throw new IllegalArgumentException("the length of a block is a number from 0 to " + width);
        }
        int fixed = prefix + 128 - width;
        long highMask = fixed >= 64 ? -1L : fixed == 0 ? 0L : -1L << (64 - fixed);
        long lowMask = fixed <= 64 ? 0L : -1L << (128 - fixed);
        IpAddress first = new IpAddress(address.high() & highMask, address.low() & lowMask);
        if (!first.equals(address)) {
            throw new IllegalArgumentException("bits are set behind the block's length; write " + first + "/"
                    + (first.isIpv4() && !writtenAsIpv4 ? prefix - 96 : prefix) + " for the block, or " + address
                    + " for the one address");
        }
        return new IpRange(first, new IpAddress(first.high() | ~highMask, first.low() | ~lowMask));
    }

    private static IpRange range(IpAddress first, IpAddress last) {
        if (first.isIpv4() != last.isIpv4()) {
            throw new IllegalArgumentException(ONE_FAMILY);
        }
        return new IpRange(first, last);
    }

    private static IpAddress literal(String text) {
        @Nullable IpAddress address = IpAddress.parse(text);
        if (address == null) {
            throw new IllegalArgumentException("write an IPv4 or IPv6 address, a block like 10.0.0.0/8, or a range like"
                    + " 10.0.0.1-10.0.0.9; names are not looked up");
        }
        return address;
    }
}
