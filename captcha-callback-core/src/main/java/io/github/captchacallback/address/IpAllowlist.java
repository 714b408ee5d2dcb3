package io.github.captchacallback.address;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a set of addresses as sorted ranges that do not overlap, so that one search decides.
 *
 * <p>A block of IPv6 addresses that spans the IPv4-mapped ones, such as {@code ::/0}, does not hold an IPv4 address:
 * nothing but the mapped form itself crosses the families. Immutable and safe for use by several threads.
 */
public final class IpAllowlist implements SourceFilter {

    /** Where the ranges of IPv4 begin and end. All its addresses begin with the same half, so that the other one is enough. */
    private final SortedNumbers ipv4Firsts;

    private final long[] ipv4Lasts;

    /** Where the ranges of IPv6 begin and end, in halves. */
    private final SortedNumbers firstHighs;

    private final long[] firstLows;
    private final long[] lastHighs;
    private final long[] lastLows;
    private final IpLiteral.Test contains = this::contains;

    /** Makes a set of everything that is in one of the ranges. */
    public IpAllowlist(Collection<IpRange> ranges) {
        Map<Boolean, List<IpRange>> families = merge(ranges).stream()
                .collect(Collectors.partitioningBy(range -> range.first().isIpv4()));
        List<IpRange> ipv4 = families.getOrDefault(true, List.of());
        List<IpRange> ipv6 = families.getOrDefault(false, List.of());
        ipv4Firsts = new SortedNumbers(numbers(ipv4, range -> range.first().low()));
        ipv4Lasts = numbers(ipv4, range -> range.last().low());
        firstHighs = new SortedNumbers(numbers(ipv6, range -> range.first().high()));
        firstLows = numbers(ipv6, range -> range.first().low());
        lastHighs = numbers(ipv6, range -> range.last().high());
        lastLows = numbers(ipv6, range -> range.last().low());
    }

    private static long[] numbers(List<IpRange> ranges, ToLongFunction<IpRange> number) {
        return ranges.stream().mapToLong(number).toArray();
    }

    @Override
    public boolean permits(@Nullable String client) {
        boolean empty = ipv4Lasts.length == 0 && lastLows.length == 0;
        return client != null && !empty && IpLiteral.test(client, contains);
    }

    /** Looks for the last range that begins at the address or before: no other can hold it. */
    private boolean contains(long high, long low) {
        if (IpAddress.isIpv4(high, low)) {
            int last = ipv4Firsts.lastUpTo(low);
            return last >= 0 && low <= ipv4Lasts[last];
        }
        int last = lastUpTo(high, low);
        return last >= 0 && !isAfter(high, low, lastHighs[last], lastLows[last]);
    }

    /** Searches by the first half of the address, and by the last one where several ranges share their first. */
    private int lastUpTo(long high, long low) {
        int last = firstHighs.lastUpTo(high);
        if (last < 0 || firstHighs.number(last) != high || Long.compareUnsigned(firstLows[last], low) <= 0) {
            return last;
        }
        int first = high == 0 ? 0 : firstHighs.lastUpTo(high - 1) + 1;
        return SortedNumbers.lastUpTo(low, firstLows, first, last + 1);
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
