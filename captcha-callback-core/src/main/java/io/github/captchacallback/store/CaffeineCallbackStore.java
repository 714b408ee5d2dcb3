package io.github.captchacallback.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers callbacks in this process's memory: the store of an application that runs on one node.
 *
 * <p>Entries are forgotten when their time is over and never earlier, so the cache has no maximum size of its own: a full
 * store refuses, and recovers as entries expire. Safe for use by several threads.
 *
 * <p><b>Security notes.</b> A restart forgets what was expected, and a callback that is then on its way is refused as
 * unknown. Nodes that share callbacks need a store that they share.
 */
public final class CaffeineCallbackStore implements CallbackStore {

    private final InstantSource clock;
    private final long capacity;
    private final AtomicLong size = new AtomicLong();
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
                .evictionListener(
                        (@Nullable String key, @Nullable Entry entry, RemovalCause cause) -> size.decrementAndGet())
                .build();
        this.entries = cache.asMap();
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
                            ? Entry.expected(taskId, clock.millis() + keep.toMillis())
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
        Result<ClaimOutcome> outcome = new Result<>(new ClaimOutcome.Unknown());
        entries.computeIfPresent(request.key(), (same, entry) -> claimed(entry, request, outcome));
        return outcome.value;
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        Result<ClaimOutcome> outcome = new Result<>(new ClaimOutcome.Unknown());
        Result<Addition> addition = new Result<>(Addition.KNOWN);
        withRoom(
                addition,
                () -> entries.compute(request.key(), (same, entry) -> {
                    addition.value = entry == null ? reserve() : Addition.KNOWN;
                    return switch (addition.value) {
                        case KNOWN -> claimed(Objects.requireNonNull(entry), request, outcome);
                        case ADDED -> claimed(Entry.expected(null, 0), request, outcome);
                        case NO_ROOM -> null;
                    };
                }));
        return outcome.value;
    }

    private Entry claimed(Entry entry, ClaimRequest request, Result<ClaimOutcome> outcome) {
        long now = clock.millis();
        outcome.value = entry.judge(request, now);
        return outcome.value instanceof ClaimOutcome.Claimed ? entry.claim(request, now) : entry;
    }

    @Override
    public boolean settle(String key, long lease) {
        return end(key, lease, Entry.State.SETTLED, Entry::settle);
    }

    @Override
    public boolean release(String key, long lease) {
        return end(key, lease, Entry.State.RELEASED, Entry::release);
    }

    private boolean end(String key, long lease, Entry.State end, UnaryOperator<Entry> transition) {
        Result<Boolean> ended = new Result<>(false);
        entries.computeIfPresent(key, (same, entry) -> {
            boolean held = entry.isIn(Entry.State.CLAIMED, lease);
            ended.value = held || entry.isIn(end, lease);
            return held ? transition.apply(entry) : entry;
        });
        return ended.value;
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        Result<Renewal> renewal = new Result<>(Renewal.FORGOTTEN);
        entries.computeIfPresent(key, (same, entry) -> {
            boolean held = entry.isIn(Entry.State.CLAIMED, lease);
            renewal.value = held ? Renewal.HELD : Renewal.LOST;
            return held ? entry.renew(clock.millis() + leaseFor.toMillis()) : entry;
        });
        return renewal.value;
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

    @Override
    public void close() {
        cache.invalidateAll();
        size.set(0);
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
