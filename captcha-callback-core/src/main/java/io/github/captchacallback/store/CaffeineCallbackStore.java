package io.github.captchacallback.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers callbacks in this process's memory: the store of an application that runs on one node.
 *
 * <p>Entries are forgotten when their time is over and never earlier, so the cache has no maximum size of its own: a full
 * store refuses, and recovers as entries expire. Safe for use by several threads.
 *
 * <p><b>Security notes.</b> A restart forgets what was expected, and a callback that is then under way is refused as
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
     * @param clock the time; it may stand still, but is not to step back
     * @param capacity the most entries that are held at once, at least 1
     * @throws IllegalArgumentException where the capacity is less than 1
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

    @Override
    public void expect(String key, @Nullable String taskId, Instant until) {
        if (!add(key, Entry.expected(taskId, until.toEpochMilli()))) {
            throw new IllegalStateException("A callback is expected under this key already");
        }
    }

    @Override
    public Binding bind(String key, String taskId) {
        if (change(key, entry -> entry.isFor(taskId), entry -> entry.bind(taskId))) {
            return Binding.BOUND;
        }
        return entries.containsKey(key) ? Binding.CONFLICT : Binding.UNKNOWN;
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        while (true) {
            if (!request.expectedOnly() && add(request.key(), Entry.claimedUnseen(request))) {
                return ClaimOutcome.CLAIMED;
            }
            Claiming claiming = new Claiming(request, clock.millis());
            entries.compute(request.key(), claiming);
            if (claiming.outcome != null) {
                return claiming.outcome;
            }
            if (request.expectedOnly()) {
                return ClaimOutcome.UNKNOWN;
            }
        }
    }

    @Override
    public boolean settle(String key, long lease) {
        return change(key, entry -> entry.isHeldBy(lease), Entry::settle);
    }

    @Override
    public boolean release(String key, long lease) {
        return change(key, entry -> entry.isHeldBy(lease), Entry::release);
    }

    @Override
    public boolean renew(String key, long lease, Instant leaseUntil) {
        boolean forgotten = !entries.containsKey(key);
        return forgotten
                || change(key, entry -> entry.isHeldBy(lease), entry -> entry.renew(leaseUntil.toEpochMilli()));
    }

    @Override
    public boolean abandon(String key) {
        boolean abandoned = change(key, entry -> entry.isOpen(clock.millis()), entry -> null);
        if (abandoned) {
            size.decrementAndGet();
        }
        return abandoned;
    }

    /** Changes the entry of a key, or takes it out, where there is one and it allows that; says whether it did. */
    private boolean change(String key, Predicate<Entry> allowed, Function<Entry, @Nullable Entry> transition) {
        Change change = new Change(allowed, transition);
        entries.compute(key, change);
        return change.made;
    }

    /**
     * Adds an entry where its key has none, and says whether it did. It is counted afterwards, so that a key which is known
     * takes nobody's place, not for a moment either.
     */
    private boolean add(String key, Entry entry) {
        boolean added = entries.putIfAbsent(key, entry) == null;
        if (added && size.incrementAndGet() > capacity) {
            cache.cleanUp();
            if (size.get() > capacity && entries.remove(key, entry)) {
                size.decrementAndGet();
                throw new CallbackStoreException("The store is full: it holds " + capacity + " callbacks");
            }
        }
        return added;
    }

    @Override
    public Optional<Occupancy> occupancy() {
        cache.cleanUp();
        return Optional.of(new Occupancy(size.get(), capacity));
    }

    @Override
    public void close() {
        cache.invalidateAll();
    }

    /** Returns how full the store is, and no key. */
    @Override
    public String toString() {
        return "CaffeineCallbackStore[" + size + " of " + capacity + "]";
    }

    /** Judges a claim by the entry of its key, and writes it down where it is granted. */
    private static final class Claiming implements BiFunction<String, @Nullable Entry, @Nullable Entry> {

        private final ClaimRequest request;
        private final long now;

        /** What was judged; null where there is no entry. */
        private @Nullable ClaimOutcome outcome;

        Claiming(ClaimRequest request, long now) {
            this.request = request;
            this.now = now;
        }

        @Override
        public @Nullable Entry apply(String key, @Nullable Entry entry) {
            if (entry == null) {
                return null;
            }
            outcome = entry.judge(request, now);
            return outcome == ClaimOutcome.CLAIMED ? entry.claim(request) : entry;
        }
    }

    /** Changes an entry where it allows that. */
    private static final class Change implements BiFunction<String, @Nullable Entry, @Nullable Entry> {

        private final Predicate<Entry> allowed;
        private final Function<Entry, @Nullable Entry> transition;
        private boolean made;

        Change(Predicate<Entry> allowed, Function<Entry, @Nullable Entry> transition) {
            this.allowed = allowed;
            this.transition = transition;
        }

        @Override
        public @Nullable Entry apply(String key, @Nullable Entry entry) {
            made = entry != null && allowed.test(entry);
            return made ? transition.apply(entry) : entry;
        }
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
