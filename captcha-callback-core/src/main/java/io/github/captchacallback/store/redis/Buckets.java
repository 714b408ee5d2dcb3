package io.github.captchacallback.store.redis;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;

/**
 * Names the keys in Redis. They are a stored format: nodes of different versions meet there.
 *
 * <p>Every reference belongs to one of 64 buckets by a hash tag, so that its entry and the indexes of kept answers are in one
 * slot of a Cluster, and one script can change them. Due work is looked for in every bucket, which costs 64 short commands in
 * one round trip; more buckets would cost more, and fewer would be uneven on many primaries. The tags are chosen so that
 * bucket {@code n} is in the {@code n}-th of 64 equal ranges of slots: the primaries of a Cluster usually have such ranges, and
 * so each gets the same share.
 */
final class Buckets {

    static final int COUNT = 64;

    private static final int SLOTS_EACH = SlotHash.SLOT_COUNT / COUNT;
    private static final String[] TAGS = tags();

    private final String prefix;

    Buckets(String prefix) {
        this.prefix = prefix;
    }

    /** Finds the smallest number for each range of slots. */
    private static String[] tags() {
        String[] tags = new String[COUNT];
        int found = 0;
        for (int number = 0; found < COUNT; number++) {
            String tag = Integer.toString(number);
            int bucket = SlotHash.getSlot(tag) / SLOTS_EACH;
            if (tags[bucket] == null) {
                tags[bucket] = tag;
                found++;
            }
        }
        return tags;
    }

    int of(String reference) {
        return SlotHash.getSlot(reference) / SLOTS_EACH;
    }

    /** Returns the key of an entry. */
    byte[] entry(String reference) {
        return key(of(reference), ":" + reference);
    }

    /** Returns the key of an entry and those of its bucket's indexes, in the order in which the scripts have them. */
    byte[][] entryAndIndexes(String reference) {
        byte[][] indexes = indexes(of(reference));
        return new byte[][] {entry(reference), indexes[0], indexes[1], indexes[2], indexes[3]};
    }

    /** Returns the keys of a bucket's indexes: answers in progress, waiting and dead, and until when they are kept. */
    byte[][] indexes(int bucket) {
        return new byte[][] {key(bucket, "work"), key(bucket, "wait"), key(bucket, "dead"), key(bucket, "keep")};
    }

    /** Returns the key of what was taken under a lease. */
    byte[] taken(int bucket, long lease) {
        return key(bucket, "taken:" + lease);
    }

    /** Returns a key for the check at startup. */
    byte[] check(String name) {
        return key(0, "check:" + name);
    }

    private byte[] key(int bucket, String rest) {
        return (prefix + "{" + TAGS[bucket] + "}" + rest).getBytes(StandardCharsets.UTF_8);
    }
}
