package io.github.captchacallback.benchmarks.address;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Holds random blocks, half of them IPv4 and half IPv6, and clients that are in one of them or in none. A single block is
 * IPv4, and so are the clients in it.
 *
 * @param written the blocks, as they stand in a list
 * @param hits clients that are in a block
 * @param misses clients that are in none, half of each family
 */
record Blocks(List<String> written, List<String> hits, List<String> misses) {

    /** More than a branch predictor learns by heart. A power of two, so that an index is cut to it by a mask. */
    static final int CLIENTS = 4096;

    static Blocks random(int count) {
        SplittableRandom random = new SplittableRandom(count);
        Map<String, byte[]> members = new LinkedHashMap<>();
        while (members.size() < count) {
            Family family = family(members.size());
            byte[] member = family.random(random);
            members.put(family.block(member), member);
        }
        List<byte[]> known = new ArrayList<>(members.values());
        List<String> hits = new ArrayList<>();
        List<String> misses = new ArrayList<>();
        while (hits.size() < CLIENTS) {
            byte[] member = known.get(random.nextInt(known.size()));
            Family family = member.length == 4 ? Family.IPV4 : Family.IPV6;
            hits.add(Family.text(family.neighbour(member, random)));
        }
        while (misses.size() < CLIENTS) {
            Family family = family(misses.size());
            byte[] stranger = family.random(random);
            if (!members.containsKey(family.block(stranger))) {
                misses.add(Family.text(stranger));
            }
        }
        return new Blocks(List.copyOf(members.keySet()), hits, misses);
    }

    private static Family family(int index) {
        return index % 2 == 0 ? Family.IPV4 : Family.IPV6;
    }
}
