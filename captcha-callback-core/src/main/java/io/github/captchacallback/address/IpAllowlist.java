package io.github.captchacallback.address;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a set of addresses as sorted ranges that do not overlap, so that one binary search decides.
 *
 * <p>A block of IPv6 addresses that spans the IPv4-mapped ones, such as {@code ::/0}, does not hold an IPv4 address:
 * nothing but the mapped form itself crosses the families. Immutable and safe for use by several threads.
 */
public final class IpAllowlist implements SourceFilter {

    private final IpAddress[] firsts;
    private final IpAddress[] lasts;

    /** Makes a set of everything that is in one of the ranges. */
    public IpAllowlist(Collection<IpRange> ranges) {
        List<IpRange> merged = merge(ranges);
        firsts = merged.stream().map(IpRange::first).toArray(IpAddress[]::new);
        lasts = merged.stream().map(IpRange::last).toArray(IpAddress[]::new);
    }

    @Override
    public boolean permits(@Nullable IpAddress client) {
        return client != null && contains(client);
    }

    /** Says whether an address is in the set. */
    public boolean contains(IpAddress address) {
        int low = 0;
        int high = firsts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (address.compareTo(firsts[middle]) < 0) {
                high = middle - 1;
            } else if (address.compareTo(lasts[middle]) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
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
