package io.github.captchacallback.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers callbacks in a map that several store objects share, as nodes share a database: it has no index, one lock, and
 * removes expired entries only when it is told to. It tests the contracts, and they test it.
 */
public final class SharedMapStore implements CallbackInbox, CleanableStore {

    /** The data that several store objects work on. */
    public static final class Data {

        private final Map<String, Entry> entries = new TreeMap<>();

        /** Makes data without any entry. */
        public Data() {}

        /** Returns how many answers are kept, whatever their states are. */
        public synchronized long answers() {
            return entries.values().stream()
                    .map(Entry::taken)
                    .filter(taken -> taken != null && taken.kept() != null)
                    .count();
        }

        /** Replaces an answer that is kept, as another version might have written it. */
        public synchronized void replaceAnswer(String key, String answer) {
            Entry.Taken taken = Objects.requireNonNull(
                    Objects.requireNonNull(entries.get(key)).taken());
            Entry.Kept kept = Objects.requireNonNull(taken.kept());
            Entry.Kept replaced =
                    new Entry.Kept(answer, kept.acceptedAt(), kept.attempts(), kept.until(), kept.reason());
            entries.put(
                    key,
                    new Entry.Taken(
                            taken.state(),
                            taken.taskId(),
                            taken.fingerprint(),
                            taken.lease(),
                            taken.until(),
                            taken.rememberedUntil(),
                            replaced));
        }
    }

    private static final int BATCH = 10;

    private final Data data;
    private final InstantSource clock;

    /** Makes a store object on data that others may share. */
    public SharedMapStore(Data data, InstantSource clock) {
        this.data = data;
        this.clock = clock;
    }

    private long after(Duration duration) {
        return clock.millis() + duration.toMillis();
    }

    /** Returns an entry whose time is not over. */
    private @Nullable Entry live(String key) {
        Entry entry = data.entries.get(key);
        return entry == null || entry.expiresAt() <= clock.millis() ? null : entry;
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        synchronized (data) {
            if (live(key) != null) {
                throw new IllegalStateException("A callback is already expected under this key");
            }
            data.entries.put(key, new Entry.Expected(taskId, after(keep)));
        }
    }

    @Override
    public Binding bind(String key, String taskId) {
        synchronized (data) {
            Entry entry = live(key);
            if (entry == null) {
                return Binding.UNKNOWN;
            }
            if (!entry.isFor(taskId)) {
                return Binding.CONFLICT;
            }
            data.entries.put(key, entry.bind(taskId));
            return Binding.BOUND;
        }
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        return claim(request, null, false);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return claim(request, null, true);
    }

    @Override
    public ClaimOutcome accept(ClaimRequest request, String answer, Duration keep) {
        return claim(request, Entry.Kept.of(answer, clock.millis(), keep), false);
    }

    @Override
    public ClaimOutcome acceptUnseen(ClaimRequest request, String answer, Duration keep) {
        return claim(request, Entry.Kept.of(answer, clock.millis(), keep), true);
    }

    private ClaimOutcome claim(ClaimRequest request, Entry.@Nullable Kept kept, boolean unseen) {
        synchronized (data) {
            Entry entry = live(request.key());
            if (entry == null && !unseen) {
                return new ClaimOutcome.Unknown();
            }
            Entry judged = entry == null ? new Entry.Expected(null, 0) : entry;
            ClaimOutcome outcome = judged.judge(request, clock.millis());
            if (outcome instanceof ClaimOutcome.Claimed) {
                data.entries.put(request.key(), judged.claim(request, kept, clock.millis()));
            }
            return outcome;
        }
    }

    @Override
    public boolean settle(String key, long lease) {
        return end(key, lease, Entry.State.SETTLED, Entry.Taken::settle);
    }

    @Override
    public boolean release(String key, long lease) {
        return end(key, lease, Entry.State.RELEASED, taken -> taken.release(clock.millis()));
    }

    @Override
    public boolean retry(String key, long lease, Duration after) {
        return endKept(key, lease, Entry.State.RELEASED, (taken, kept) -> taken.retry(kept, after(after)));
    }

    @Override
    public boolean bury(String key, long lease, String reason, Duration keep) {
        return endKept(key, lease, Entry.State.DEAD, (taken, kept) -> taken.bury(kept, reason, after(keep)));
    }

    private boolean end(String key, long lease, Entry.State end, UnaryOperator<Entry.Taken> transition) {
        synchronized (data) {
            Entry.Taken taken = taken(key);
            if (taken != null && taken.isIn(Entry.State.CLAIMED, lease)) {
                data.entries.put(key, transition.apply(taken));
                return true;
            }
            return taken != null && taken.isIn(end, lease);
        }
    }

    private boolean endKept(
            String key, long lease, Entry.State end, BiFunction<Entry.Taken, Entry.Kept, Entry.Taken> transition) {
        synchronized (data) {
            Entry.Taken taken = taken(key);
            Entry.Kept kept = taken == null ? null : taken.kept();
            return kept != null && end(key, lease, end, claim -> transition.apply(claim, kept));
        }
    }

    private Entry.@Nullable Taken taken(String key) {
        Entry entry = live(key);
        return entry == null ? null : entry.taken();
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        synchronized (data) {
            if (live(key) == null) {
                return Renewal.FORGOTTEN;
            }
            Entry.Taken taken = taken(key);
            if (taken == null || !taken.isIn(Entry.State.CLAIMED, lease)) {
                return Renewal.LOST;
            }
            data.entries.put(key, taken.renew(after(leaseFor)));
            return Renewal.HELD;
        }
    }

    @Override
    public boolean abandon(String key) {
        synchronized (data) {
            Entry entry = live(key);
            boolean open = entry != null && entry.isOpen(clock.millis());
            if (open) {
                data.entries.remove(key);
            }
            return open;
        }
    }

    @Override
    public List<DueAnswer> takeDue(long lease, int limit, Duration leaseFor) {
        synchronized (data) {
            long now = clock.millis();
            Map<String, Entry.Taken> candidates = new HashMap<>();
            for (String key : data.entries.keySet()) {
                Entry.Taken taken = taken(key);
                if (taken != null
                        && taken.isUnderDelivery()
                        && (taken.isIn(Entry.State.CLAIMED, lease) || taken.isDue(lease, now))) {
                    candidates.put(key, taken);
                }
            }
            return candidates.entrySet().stream()
                    .sorted(Comparator.comparing((Map.Entry<String, Entry.Taken> candidate) ->
                                    !candidate.getValue().isIn(Entry.State.CLAIMED, lease))
                            .thenComparing(candidate -> candidate.getValue().until()))
                    .limit(limit)
                    .map(candidate -> take(candidate.getKey(), candidate.getValue(), lease, leaseFor))
                    .toList();
        }
    }

    private DueAnswer take(String key, Entry.Taken taken, long lease, Duration leaseFor) {
        Entry.Kept kept = Objects.requireNonNull(taken.kept());
        Entry.Taken next = taken.take(kept, lease, after(leaseFor));
        data.entries.put(key, next);
        int attempts = Objects.requireNonNull(next.kept()).attempts();
        Duration age = Duration.ofMillis(clock.millis() - kept.acceptedAt());
        return new DueAnswer(key, taken.taskId(), kept.answer(), lease, attempts, age);
    }

    @Override
    public DeadPage dead(int limit, @Nullable String cursor) {
        synchronized (data) {
            List<StoredCallback> page = new ArrayList<>();
            for (String key : data.entries.keySet()) {
                Entry.Taken taken = taken(key);
                boolean listed = cursor != null && key.compareTo(cursor) <= 0;
                if (taken == null || taken.state() != Entry.State.DEAD || listed) {
                    continue;
                }
                if (page.size() == limit) {
                    return new DeadPage(page, page.get(limit - 1).key());
                }
                page.add(taken.describe(key, clock.millis()));
            }
            return new DeadPage(page, null);
        }
    }

    @Override
    public Optional<StoredCallback> find(String key) {
        synchronized (data) {
            return Optional.ofNullable(live(key)).map(entry -> entry.describe(key, clock.millis()));
        }
    }

    @Override
    public boolean replay(String key, Duration keep) {
        return changeDead(key, (taken, kept) -> taken.replay(kept, clock.millis(), after(keep)));
    }

    @Override
    public boolean discard(String key) {
        return changeDead(key, (taken, kept) -> taken.settle());
    }

    private boolean changeDead(String key, BiFunction<Entry.Taken, Entry.Kept, Entry.Taken> transition) {
        synchronized (data) {
            Entry.Taken taken = taken(key);
            Entry.Kept kept = taken == null ? null : taken.kept();
            if (taken == null || kept == null || taken.state() != Entry.State.DEAD) {
                return false;
            }
            data.entries.put(key, transition.apply(taken, kept));
            return true;
        }
    }

    @Override
    public Duration cleaningInterval() {
        return Duration.ofMinutes(1);
    }

    @Override
    public Cleaning clean(Duration budget) {
        long start = System.nanoTime();
        long removed = 0;
        int batch;
        do {
            batch = removeBatch();
            removed += batch;
        } while (batch == BATCH && System.nanoTime() - start < budget.toNanos());
        return new Cleaning(removed, batch == BATCH);
    }

    private int removeBatch() {
        synchronized (data) {
            int removed = 0;
            Iterator<Entry> entries = data.entries.values().iterator();
            while (entries.hasNext() && removed < BATCH) {
                if (entries.next().expiresAt() <= clock.millis()) {
                    entries.remove();
                    removed++;
                }
            }
            return removed;
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "SharedMapStore";
    }
}
