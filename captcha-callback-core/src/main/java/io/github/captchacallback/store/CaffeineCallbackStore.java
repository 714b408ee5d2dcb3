package io.github.captchacallback.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers callbacks in this process's memory: the store of an application that runs on one node.
 *
 * <p>Entries are forgotten when their time is over and never earlier, so the cache has no maximum size of its own: a full
 * store refuses, and recovers as entries expire. The cache removes expired entries by itself. Safe for use by several threads.
 *
 * <p><b>Security notes.</b> A restart forgets what was expected and every answer that was kept. A callback that arrives after
 * that is refused as unknown. Nodes that share callbacks need a store that they share.
 */
public final class CaffeineCallbackStore implements CallbackInbox {

    private final InstantSource clock;
    private final long capacity;
    private final AtomicLong size = new AtomicLong();
    private final KeptKeys keptKeys = new KeptKeys();
    private final Cache<String, Entry> cache;

    /** Every change is one computation of an immutable entry, under its lock, so that of several threads one wins each step. */
    private final ConcurrentMap<String, Entry> entries;

    /**
     * Makes an empty store.
     *
     * @param clock the time
     * @param capacity the most entries that are remembered at once, at least 1
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public CaffeineCallbackStore(InstantSource clock, long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity is " + capacity + ", and 1 is the least");
        }
        this.clock = clock;
        this.capacity = capacity;
        this.cache = Caffeine.newBuilder()
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                // Maintenance is short here, and handing it to the common pool costs more than doing it.
                .executor(Runnable::run)
                .expireAfter(new AtExpiresAt())
                .evictionListener(this::expired)
                .build();
        this.entries = cache.asMap();
    }

    private void expired(@Nullable String key, @Nullable Entry entry, RemovalCause cause) {
        size.decrementAndGet();
        keptKeys.changed(Objects.requireNonNull(key), entry, null);
    }

    /** Carries the result of a computation out of it. */
    private static final class Result<T> {

        private T value;

        Result(T initial) {
            value = initial;
        }
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        Result<Addition> addition = new Result<>(Addition.KNOWN);
        withRoom(
                addition,
                () -> entries.compute(key, (same, entry) -> {
                    addition.value = entry == null ? reserve() : Addition.KNOWN;
                    return addition.value == Addition.ADDED
                            ? new Entry.Expected(taskId, clock.millis() + keep.toMillis())
                            : entry;
                }));
        if (addition.value == Addition.KNOWN) {
            throw new IllegalStateException("A callback is already expected under this key");
        }
    }

    @Override
    public Binding bind(String key, String taskId) {
        Result<Binding> binding = new Result<>(Binding.UNKNOWN);
        entries.computeIfPresent(key, (same, entry) -> {
            boolean bound = entry.isFor(taskId);
            binding.value = bound ? Binding.BOUND : Binding.CONFLICT;
            return bound ? entry.bind(taskId) : entry;
        });
        return binding.value;
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        return claim(request, null);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return claimUnseen(request, null);
    }

    @Override
    public ClaimOutcome accept(ClaimRequest request, String answer, Duration keep) {
        return claim(request, Entry.Kept.of(answer, clock.millis(), keep));
    }

    @Override
    public ClaimOutcome acceptUnseen(ClaimRequest request, String answer, Duration keep) {
        return claimUnseen(request, Entry.Kept.of(answer, clock.millis(), keep));
    }

    private ClaimOutcome claim(ClaimRequest request, Entry.@Nullable Kept kept) {
        Result<ClaimOutcome> outcome = new Result<>(new ClaimOutcome.Unknown());
        entries.computeIfPresent(request.key(), (same, entry) -> claimed(entry, request, kept, outcome));
        return outcome.value;
    }

    private ClaimOutcome claimUnseen(ClaimRequest request, Entry.@Nullable Kept kept) {
        Result<ClaimOutcome> outcome = new Result<>(new ClaimOutcome.Unknown());
        Result<Addition> addition = new Result<>(Addition.KNOWN);
        withRoom(
                addition,
                () -> entries.compute(request.key(), (same, entry) -> {
                    addition.value = entry == null ? reserve() : Addition.KNOWN;
                    return switch (addition.value) {
                        case KNOWN -> claimed(Objects.requireNonNull(entry), request, kept, outcome);
                        case ADDED -> claimed(new Entry.Expected(null, 0), request, kept, outcome);
                        case NO_ROOM -> null;
                    };
                }));
        return outcome.value;
    }

    private Entry claimed(Entry entry, ClaimRequest request, Entry.@Nullable Kept kept, Result<ClaimOutcome> outcome) {
        long now = clock.millis();
        outcome.value = entry.judge(request, now);
        if (!(outcome.value instanceof ClaimOutcome.Claimed)) {
            return entry;
        }
        Entry claimed = entry.claim(request, kept, now);
        keptKeys.changed(request.key(), entry, claimed);
        return claimed;
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
        return endKept(key, lease, Entry.State.RELEASED, (taken, kept) -> taken.retry(kept, millisIn(after)));
    }

    @Override
    public boolean bury(String key, long lease, String reason, Duration keep) {
        return endKept(key, lease, Entry.State.DEAD, (taken, kept) -> taken.bury(kept, reason, millisIn(keep)));
    }

    private long millisIn(Duration duration) {
        return clock.millis() + duration.toMillis();
    }

    /** Brings a claim to an end, and reports whether it has come to it under that lease. */
    private boolean end(String key, long lease, Entry.State end, UnaryOperator<Entry.Taken> transition) {
        return change(key, taken -> {
            if (taken.isIn(Entry.State.CLAIMED, lease)) {
                return transition.apply(taken);
            }
            return taken.isIn(end, lease) ? taken : null;
        });
    }

    /** Brings an attempt to an end. A claim whose answer is not kept is no attempt. */
    private boolean endKept(
            String key, long lease, Entry.State end, BiFunction<Entry.Taken, Entry.Kept, Entry.Taken> transition) {
        return change(key, taken -> {
            Entry.Kept kept = taken.kept();
            if (kept != null && taken.isIn(Entry.State.CLAIMED, lease)) {
                return transition.apply(taken, kept);
            }
            return kept != null && taken.isIn(end, lease) ? taken : null;
        });
    }

    @Override
    public boolean replay(String key, Duration keep) {
        return changeDead(key, (taken, kept) -> taken.replay(kept, clock.millis(), millisIn(keep)));
    }

    @Override
    public boolean discard(String key) {
        return changeDead(key, (taken, kept) -> taken.settle());
    }

    private boolean changeDead(String key, BiFunction<Entry.Taken, Entry.Kept, Entry.Taken> transition) {
        return change(key, taken -> {
            Entry.Kept kept = taken.kept();
            return kept != null && taken.state() == Entry.State.DEAD ? transition.apply(taken, kept) : null;
        });
    }

    /** Changes an entry that was claimed, and reports whether the transition has allowed that; null stands for no. */
    private boolean change(String key, Function<Entry.Taken, Entry.@Nullable Taken> transition) {
        Result<Boolean> changed = new Result<>(false);
        entries.computeIfPresent(key, (same, entry) -> {
            Entry.Taken taken = entry.taken();
            Entry.Taken next = taken == null ? null : transition.apply(taken);
            changed.value = next != null;
            if (next == null) {
                return entry;
            }
            keptKeys.changed(key, taken, next);
            return next;
        });
        return changed.value;
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        Result<Renewal> renewal = new Result<>(Renewal.FORGOTTEN);
        entries.computeIfPresent(key, (same, entry) -> {
            Entry.Taken taken = entry.taken();
            if (taken == null || !taken.isIn(Entry.State.CLAIMED, lease)) {
                renewal.value = Renewal.LOST;
                return entry;
            }
            renewal.value = Renewal.HELD;
            Entry renewed = taken.renew(millisIn(leaseFor));
            keptKeys.changed(key, taken, renewed);
            return renewed;
        });
        return renewal.value;
    }

    @Override
    public List<DueAnswer> takeDue(long lease, int limit, Duration leaseFor) {
        Map<String, DueAnswer> taken = new LinkedHashMap<>();
        for (KeptKeys.Due candidate : keptKeys.underDelivery()) {
            Entry.Taken entry = peek(candidate.key());
            if (taken.size() < limit && entry != null && entry.isIn(Entry.State.CLAIMED, lease)) {
                take(candidate.key(), lease, leaseFor, taken);
            }
        }
        long now = clock.millis();
        for (KeptKeys.Due candidate : keptKeys.underDelivery()) {
            if (taken.size() >= limit || candidate.at() > now) {
                break;
            }
            take(candidate.key(), lease, leaseFor, taken);
        }
        return List.copyOf(taken.values());
    }

    private void take(String key, long lease, Duration leaseFor, Map<String, DueAnswer> taken) {
        change(key, entry -> {
            long now = clock.millis();
            Entry.Kept kept = entry.kept();
            if (kept == null || !(entry.isIn(Entry.State.CLAIMED, lease) || entry.isDue(lease, now))) {
                return null;
            }
            Entry.Taken next = entry.take(kept, lease, now + leaseFor.toMillis());
            int attempts = Objects.requireNonNull(next.kept()).attempts();
            Duration age = Duration.ofMillis(now - kept.acceptedAt());
            taken.put(key, new DueAnswer(key, entry.taskId(), kept.answer(), lease, attempts, age));
            return next;
        });
    }

    /** Returns what is remembered of a key that was claimed, as it is at this moment. */
    private Entry.@Nullable Taken peek(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.taken();
    }

    @Override
    public DeadPage dead(int limit, @Nullable String cursor) {
        long now = clock.millis();
        List<StoredCallback> page = new ArrayList<>();
        for (String key : keptKeys.deadAfter(cursor)) {
            Entry.Taken entry = peek(key);
            if (entry == null || entry.state() != Entry.State.DEAD) {
                continue;
            }
            if (page.size() == limit) {
                return new DeadPage(page, page.get(limit - 1).key());
            }
            page.add(entry.describe(key, now));
        }
        return new DeadPage(page, null);
    }

    @Override
    public Optional<StoredCallback> find(String key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> entry.describe(key, clock.millis()));
    }

    @Override
    public boolean outlivesProcess() {
        return false;
    }

    @Override
    public Optional<InboxDepth> depth() {
        long now = clock.millis();
        long inProgress = 0;
        long waiting = 0;
        long due = 0;
        long oldest = now;
        for (KeptKeys.Due candidate : keptKeys.underDelivery()) {
            Entry.Taken entry = peek(candidate.key());
            if (entry == null || !entry.isUnderDelivery()) {
                continue;
            }
            if (entry.until() <= now) {
                due++;
                oldest = Math.min(oldest, entry.until());
            } else if (entry.state() == Entry.State.CLAIMED) {
                inProgress++;
            } else {
                waiting++;
            }
        }
        long dead = keptKeys.deadAfter(null).stream()
                .map(this::peek)
                .filter(entry -> entry != null && entry.state() == Entry.State.DEAD)
                .count();
        return Optional.of(new InboxDepth(inProgress, waiting, due, dead, Duration.ofMillis(now - oldest)));
    }

    @Override
    public boolean abandon(String key) {
        Result<Boolean> abandoned = new Result<>(false);
        entries.computeIfPresent(key, (same, entry) -> {
            abandoned.value = entry.isOpen(clock.millis());
            return abandoned.value ? null : entry;
        });
        if (abandoned.value) {
            size.decrementAndGet();
        }
        return abandoned.value;
    }

    /** What became of the attempt to add an entry. */
    private enum Addition {
        ADDED,
        KNOWN,
        NO_ROOM
    }

    /** Takes a place for one more entry, if there is one. */
    private Addition reserve() {
        if (size.incrementAndGet() <= capacity) {
            return Addition.ADDED;
        }
        size.decrementAndGet();
        return Addition.NO_ROOM;
    }

    /** Runs a step that may add an entry, once more if the places of expired entries have to be made free first. */
    private void withRoom(Result<Addition> addition, Runnable step) {
        step.run();
        if (addition.value == Addition.NO_ROOM) {
            cache.cleanUp();
            step.run();
        }
        if (addition.value == Addition.NO_ROOM) {
            throw new CallbackStoreFullException("The store is full: it remembers " + capacity
                    + " callbacks, and recovers as they expire. Raise store.capacity");
        }
    }

    @Override
    public Optional<Occupancy> occupancy() {
        cache.cleanUp();
        return Optional.of(new Occupancy(size.get(), capacity));
    }

    /** Returns the keys whose answers are kept, for the test that none stays behind. */
    KeptKeys keptKeys() {
        return keptKeys;
    }

    @Override
    public void close() {
        cache.invalidateAll();
        size.set(0);
        keptKeys.clear();
    }

    /** Returns how full the store is, and no key. */
    @Override
    public String toString() {
        return "CaffeineCallbackStore[" + size + " of " + capacity + "]";
    }

    /** Ends each entry at its own time; the cache's ticker counts from the epoch, as the entries do. */
    private static final class AtExpiresAt implements Expiry<String, Entry> {

        @Override
        public long expireAfterCreate(String key, Entry entry, long now) {
            return Math.max(0, TimeUnit.MILLISECONDS.toNanos(entry.expiresAt()) - now);
        }

        @Override
        public long expireAfterUpdate(String key, Entry entry, long now, long currentDuration) {
            return expireAfterCreate(key, entry, now);
        }

        @Override
        public long expireAfterRead(String key, Entry entry, long now, long currentDuration) {
            return currentDuration;
        }
    }
}
