package io.github.captchacallback.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents a set of addresses as sorted ranges that do not overlap, so that one binary search decides.
 *
 * <p>A block of IPv6 addresses that spans the IPv4-mapped ones, such as {@code ::/0}, contains no IPv4 address: only the mapped
 * form itself crosses the families. Immutable and safe for use by several threads.
 */
public final class IpAllowlist {

    /** Where the ranges begin, in ascending order. */
    private final IpAddress[] firsts;

    /** Where the same ranges end. */
    private final IpAddress[] lasts;

    /** Makes a set of everything that is in one of the ranges. */
    public IpAllowlist(Collection<IpRange> ranges) {
        List<IpRange> merged = merge(ranges);
        firsts = merged.stream().map(IpRange::first).toArray(IpAddress[]::new);
        lasts = merged.stream().map(IpRange::last).toArray(IpAddress[]::new);
    }

    /**
     * Reports whether a client is in the set.
     *
     * @param client the client's address as a literal; null and any other text are in no set
     */
    public boolean permits(@Nullable String client) {
        IpAddress address = client == null || firsts.length == 0 ? null : IpAddress.parse(client);
        if (address == null) {
            return false;
        }
        int found = Arrays.binarySearch(firsts, address);
        // If no range begins at the address, only the last one that begins before it can contain it.
        int range = found >= 0 ? found : -found - 2;
        return range >= 0 && address.compareTo(lasts[range]) <= 0;
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
