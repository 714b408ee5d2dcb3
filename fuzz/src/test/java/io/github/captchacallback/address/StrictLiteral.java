package io.github.captchacallback.address;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads literals with the library {@code ipaddress}, all its leniencies switched off, as numbers of 128 bits. */
public final class StrictLiteral {

    private static final BigInteger MAPPED = BigInteger.valueOf(0xffffL).shiftLeft(32);

    /** The library drops white space and knows other spellings, of which none gets past this. */
    private static final Pattern CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private static final IPAddressStringParameters STRICT = strict();

    private StrictLiteral() {}

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder builder = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        builder.getIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowLeadingZeros(false)
                .allowBinary(false);
        builder.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowBase85(false)
                .allowBinary(false)
                .allowUnlimitedLeadingZeros(false);
        builder.getIPv6AddressParametersBuilder()
                .getEmbeddedIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowLeadingZeros(false)
                .allowBinary(false);
        return builder.toParams();
    }

    /** Returns the address as a number, an IPv4 address as its mapped form's; null where the text is no literal. */
    public static @Nullable BigInteger parse(String text) {
        if (!CHARACTERS.matcher(text).matches()) {
            return null;
        }
        IPAddress address = new IPAddressString(text, STRICT).getAddress();
        return address == null ? null : number(address.toInetAddress());
    }

    public static BigInteger number(InetAddress address) {
        BigInteger number = new BigInteger(1, address.getAddress());
        return address.getAddress().length == 4 ? MAPPED.or(number) : number;
    }

    public static BigInteger number(long high, long low) {
        return unsigned(high).shiftLeft(Long.SIZE).or(unsigned(low));
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    public static boolean isIpv4(BigInteger number) {
        return number.shiftRight(32).equals(BigInteger.valueOf(0xffffL));
    }
}
