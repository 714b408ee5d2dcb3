package io.github.captchacallback.benchmarks.address;

import io.github.captchacallback.address.IpAddress;
import io.github.captchacallback.address.IpRange;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Searches sorted blocks for clients that were read ahead: the floor, to which any reader of text comes on top. */
public class UnparsedSearch extends Allowlist {

    private long[] firstHighs = {};
    private long[] firstLows = {};
    private long[] lastHighs = {};
    private long[] lastLows = {};
    private long[] clientHighs = {};
    private long[] clientLows = {};

    @Override
    void build(List<String> written) {
        List<IpRange> sorted = written.stream()
                .map(IpRange::parse)
                .sorted(Comparator.comparing(IpRange::first))
                .toList();
        firstHighs = sorted.stream().mapToLong(range -> range.first().high()).toArray();
        firstLows = sorted.stream().mapToLong(range -> range.first().low()).toArray();
        lastHighs = sorted.stream().mapToLong(range -> range.last().high()).toArray();
        lastLows = sorted.stream().mapToLong(range -> range.last().low()).toArray();
    }

    @Override
    void expect(String[] expected) {
        clientHighs =
                Stream.of(expected).mapToLong(client -> read(client).high()).toArray();
        clientLows = Stream.of(expected).mapToLong(client -> read(client).low()).toArray();
    }

    @Override
    boolean decideNext() {
        int index = nextIndex();
        return contains(clientHighs[index], clientLows[index]);
    }

    @Override
    boolean permits(String client) {
        return contains(read(client).high(), read(client).low());
    }

    private boolean contains(long high, long low) {
        int from = 0;
        int to = firstHighs.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (isBefore(high, low, firstHighs[middle], firstLows[middle])) {
                to = middle - 1;
            } else if (isBefore(lastHighs[middle], lastLows[middle], high, low)) {
                from = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private static boolean isBefore(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh ? Long.compareUnsigned(low, otherLow) < 0 : Long.compareUnsigned(high, otherHigh) < 0;
    }

    private static IpAddress read(String client) {
        return Objects.requireNonNull(IpAddress.parse(client));
    }
}
