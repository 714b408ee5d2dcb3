package io.github.captchacallback.address;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Reads IPv4 and IPv6 literals, without brackets, port or zone.
 *
 * <p>A name is never looked up, and none of the shorthands of {@code inet_aton} ({@code 10.1}, {@code 010.0.0.1},
 * {@code 0x7f.1}) is understood, because two readers of one text could understand them differently.
 */
final class IpLiteral {

    private static final int IPV6_GROUPS = 8;
    private static final int GROUP_BITS = 16;
    private static final long MALFORMED = -1;
    private static final byte NO_DIGIT = -1;

    /** The values of hexadecimal digits by their characters. */
    private static final byte[] DIGITS = new byte['f' + 1];

    static {
        for (char c = 0; c < DIGITS.length; c++) {
            DIGITS[c] = HexFormat.isHexDigit(c) ? (byte) HexFormat.fromHexDigit(c) : NO_DIGIT;
        }
    }

    private IpLiteral() {}

    /** Returns the address that a text is the literal of; null for any other text. */
    static @Nullable IpAddress parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseIpv6(text);
        }
        long bits = ipv4Bits(text, 0);
        return bits == MALFORMED ? null : IpAddress.ipv4(bits);
    }

    /** Reads four decimal numbers without leading zeros from an index to the end. */
    private static long ipv4Bits(String text, int from) {
        long bits = 0;
        int dots = 0;
        int octet = 0;
        int digits = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (digits == 0 || dots == 3) {
                    return MALFORMED;
                }
                bits = bits << 8 | octet;
                dots++;
                octet = 0;
                digits = 0;
            } else {
                boolean leadingZero = digits > 0 && octet == 0;
                octet = octet * 10 + c - '0';
                if (c < '0' || c > '9' || leadingZero || octet > 255) {
                    return MALFORMED;
                }
                digits++;
            }
        }
        return dots == 3 && digits > 0 ? bits << 8 | octet : MALFORMED;
    }

    /**
     * Reads groups of up to four hexadecimal digits, of which {@code ::} leaves out one or more (RFC 4291, section 2.2),
     * and which may end in an IPv4 address.
     */
    private static @Nullable IpAddress parseIpv6(String text) {
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
            int end = i + 4;
            int group = end <= text.length() ? fourDigits(text, i) : NO_DIGIT;
            if (group < 0) {
                end = i;
                group = 0;
                for (; end < text.length() && digit(text.charAt(end)) >= 0; end++) {
                    group = group << 4 | digit(text.charAt(end));
                }
            }
            if (end < text.length() && text.charAt(end) == '.') {
                long bits = ipv4Bits(text, i);
                if (bits == MALFORMED) {
                    return null;
                }
                high = high << 32 | low >>> 32;
                low = low << 32 | bits;
                groups += 2;
                break;
            }
            if (end == i || groups == IPV6_GROUPS) {
                return null;
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
                return null;
            }
            if (text.charAt(i) == ':') {
                if (groupsBeforeGap >= 0) {
                    return null;
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
            return null;
        }
        if (groupsBeforeGap > 0) {
            int shift = (IPV6_GROUPS - groupsBeforeGap) * GROUP_BITS;
            boolean wide = shift >= Long.SIZE;
            high |= wide ? lowBeforeGap << (shift - Long.SIZE) : highBeforeGap << shift | lowBeforeGap >>> -shift;
            low |= wide ? 0 : lowBeforeGap << shift;
        }
        return new IpAddress(high, low);
    }

    /** Returns what four digits stand for, negative where one is none. Most groups have four, and no processor need guess it. */
    private static int fourDigits(String text, int from) {
        return digit(text.charAt(from)) << 12
                | digit(text.charAt(from + 1)) << 8
                | digit(text.charAt(from + 2)) << 4
                | digit(text.charAt(from + 3));
    }

    private static int digit(char c) {
        return c < DIGITS.length ? DIGITS[c] : NO_DIGIT;
    }
}
