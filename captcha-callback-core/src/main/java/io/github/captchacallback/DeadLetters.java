package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.DeadPage;
import io.github.captchacallback.store.StoredCallback;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Represents the answers whose delivery was given up, for an operator who has corrected what went wrong. No method shows an
 * answer. Safe for use by several threads.
 */
public final class DeadLetters {

    private static final int PAGE = 100;

    private final CallbackInbox store;
    private final CallbackSettings settings;
    private final InstantSource clock;
    private final Notifier notifier;

    DeadLetters(CallbackInbox store, CallbackSettings settings, InstantSource clock, Notifier notifier) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.notifier = notifier;
    }

    /**
     * Lists dead letters in pages, in the store's own order.
     *
     * @param limit the most entries on the page; at least 1
     * @param cursor null for the first page, then {@link DeadPage#next()} of the page before
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws CallbackStoreException if the store is unavailable
     */
    public DeadPage list(int limit, @Nullable String cursor) {
        if (limit < 1) {
            throw new IllegalArgumentException("The limit is " + limit + ". Write at least 1");
        }
        return store.dead(limit, cursor);
    }

    /**
     * Counts the dead letters that a filter accepts: what {@link #replayAll(Predicate)} would replay.
     *
     * @param filter is called with each dead letter
     * @throws CallbackStoreException if the store is unavailable
     */
    public long count(Predicate<StoredCallback> filter) {
        return each(filter, dead -> true);
    }

    /**
     * Has a dead letter delivered again, on any node, within about a second. Its attempts count from the beginning. If it is older
     * than {@code delivery.within} and the attempt fails, it is dead again.
     *
     * @param reference the callback's reference
     * @return false if there is no dead letter of that reference
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean replay(String reference) {
        boolean replayed = store.replay(reference, settings.delivery().keep());
        if (replayed) {
            notifier.tell(new CallbackEvent.Replayed(clock.instant(), reference));
        }
        return replayed;
    }

    /**
     * Has every dead letter that a filter accepts delivered again. {@link #count(Predicate)} the same filter first.
     *
     * @param filter is called with each dead letter
     * @return how many are delivered again
     * @throws CallbackStoreException if the store is unavailable; some may be delivered again then
     */
    public long replayAll(Predicate<StoredCallback> filter) {
        return each(filter, dead -> replay(dead.key()));
    }

    /**
     * Discards a dead letter. Its answer is erased, and its callback counts as settled.
     *
     * @param reference the callback's reference
     * @param reason why, for the log; not blank
     * @return false if there is no dead letter of that reference
     * @throws IllegalArgumentException if the reason is blank
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean discard(String reference, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("A dead letter was paid for. Give a reason to discard it");
        }
        boolean discarded = store.discard(reference);
        if (discarded) {
            notifier.tell(new CallbackEvent.Discarded(clock.instant(), reference, Inbox.shown(reason)));
        }
        return discarded;
    }

    private long each(Predicate<StoredCallback> filter, Predicate<StoredCallback> step) {
        long done = 0;
        String cursor = null;
        do {
            DeadPage page = store.dead(PAGE, cursor);
            done += page.entries().stream().filter(filter).filter(step).count();
            cursor = page.next();
        } while (cursor != null);
        return done;
    }
}
