package io.github.captchacallback.store;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entries of a store in memory whose answers are kept: what is under delivery by its time, and what is dead by its
 * key. It follows each change of an entry. Safe for use by several threads if no two change one key at once.
 */
final class KeptKeys {

    /** A key, and when its answer can be taken. */
    record Due(long at, String key) {}

    private final NavigableSet<Due> underDelivery =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(Due::at).thenComparing(Due::key));
    private final NavigableSet<String> dead = new ConcurrentSkipListSet<>();

    /** Notes that an entry has changed; null stands for none. */
    void changed(String key, @Nullable Entry before, @Nullable Entry after) {
        Entry.Taken old = before == null ? null : before.taken();
        if (old != null && old.kept() != null) {
            if (old.isUnderDelivery()) {
                underDelivery.remove(new Due(old.until(), key));
            } else {
                dead.remove(key);
            }
        }
        Entry.Taken taken = after == null ? null : after.taken();
        if (taken != null && taken.kept() != null) {
            if (taken.isUnderDelivery()) {
                underDelivery.add(new Due(taken.until(), key));
            } else {
                dead.add(key);
            }
        }
    }

    /** Returns what is under delivery, the longest due first. It may change meanwhile. */
    Iterable<Due> underDelivery() {
        return underDelivery;
    }

    /** Returns the dead keys behind a key, in their order. They may change meanwhile. */
    NavigableSet<String> deadAfter(@Nullable String key) {
        return key == null ? dead : dead.tailSet(key, false);
    }

    boolean isEmpty() {
        return underDelivery.isEmpty() && dead.isEmpty();
    }

    void clear() {
        underDelivery.clear();
        dead.clear();
    }
}
