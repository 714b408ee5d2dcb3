package io.github.captchacallback.address;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a set of addresses as sorted ranges that do not overlap, so that one binary search decides.
 *
 * <p>A block of IPv6 addresses that spans the IPv4-mapped ones, such as {@code ::/0}, does not hold an IPv4 address:
 * nothing but the mapped form itself crosses the families. Immutable and safe for use by several threads.
 */
public final class IpAllowlist implements SourceFilter {

    /** How many ranges begin at an address whose first half is zero, as every IPv4 address does. */
    private final int highsOfZero;

    private final long[] firstHighs;
    private final long[] firstLows;
    private final long[] lastHighs;
    private final long[] lastLows;
    private final IpLiteral.Test contains = this::contains;

    /** Makes a set of everything that is in one of the ranges. */
    public IpAllowlist(Collection<IpRange> ranges) {
        List<IpRange> merged = merge(ranges);
        firstHighs = merged.stream().mapToLong(range -> range.first().high()).toArray();
        highsOfZero = (int) LongStream.of(firstHighs).filter(high -> high == 0).count();
        firstLows = merged.stream().mapToLong(range -> range.first().low()).toArray();
        lastHighs = merged.stream().mapToLong(range -> range.last().high()).toArray();
        lastLows = merged.stream().mapToLong(range -> range.last().low()).toArray();
    }

    @Override
    public boolean permits(@Nullable String client) {
        return client != null && firstHighs.length > 0 && IpLiteral.test(client, contains);
    }

    /** Looks for the last range that begins at the address or before: no other can hold it. */
    private boolean contains(long high, long low) {
        int last = high == 0 ? lastUpTo(low, firstLows, 0, highsOfZero) : lastUpTo(high, low);
        return last >= 0 && !isAfter(high, low, lastHighs[last], lastLows[last]);
    }

    /** Searches by the first half of the address, and by the last one where several ranges share their first. */
    private int lastUpTo(long high, long low) {
        int last = lastUpTo(high, firstHighs, highsOfZero, firstHighs.length);
        if (last < 0 || !isAfter(firstHighs[last], firstLows[last], high, low)) {
            return last;
        }
        int first = lastUpTo(high - 1, firstHighs, highsOfZero, last) + 1;
        return lastUpTo(low, firstLows, first, last + 1);
    }

    /**
     * Returns the index of the last number in a part of sorted unsigned ones that is no greater than the key; the index
     * before the part where none is. Takes the same steps for every key, with nothing for a processor to guess.
     */
    private static int lastUpTo(long key, long[] sorted, int from, int to) {
        int last = from - 1;
        int left = to - from;
        long signedKey = key + Long.MIN_VALUE;
        while (left > 0) {
            int half = (left + 1) >>> 1;
            last = sorted[last + half] + Long.MIN_VALUE <= signedKey ? last + half : last;
            left -= half;
        }
        return last;
    }

    private static boolean isAfter(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh ? Long.compareUnsigned(low, otherLow) > 0 : Long.compareUnsigned(high, otherHigh) > 0;
    }

    private static List<IpRange> merge(Collection<IpRange> ranges) {
        List<IpRange> sorted = new ArrayList<>();
        ranges.forEach(range -> sorted.addAll(withinFamily(range)));
        sorted.sort(Comparator.comparing(IpRange::first));
        List<IpRange> merged = new ArrayList<>();
        for (IpRange range : sorted) {
            IpRange before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            boolean overlaps = before != null && range.first().compareTo(before.last()) <= 0;
            if (before != null && overlaps) {
                IpAddress last = range.last().compareTo(before.last()) > 0 ? range.last() : before.last();
                merged.set(merged.size() - 1, new IpRange(before.first(), last));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /** Cuts the IPv4-mapped addresses out of an IPv6 range that reaches over them, or up to the last of them. */
    private static List<IpRange> withinFamily(IpRange range) {
        boolean ipv6 = range.first().compareTo(IpAddress.IPV4_FIRST) < 0;
        boolean reaches = range.last().compareTo(IpAddress.IPV4_FIRST) >= 0;
        if (!ipv6 || !reaches) {
            return List.of(range);
        }
        IpRange before = new IpRange(range.first(), IpAddress.IPV4_FIRST.previous());
        boolean beyond = range.last().compareTo(IpAddress.IPV4_LAST) > 0;
        return beyond ? List.of(before, new IpRange(IpAddress.IPV4_LAST.next(), range.last())) : List.of(before);
    }
}
