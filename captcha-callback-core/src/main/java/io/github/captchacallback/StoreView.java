package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.InboxDepth;
import io.github.captchacallback.store.Occupancy;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shows how a store is, for those who watch it. Safe for use by several threads.
 *
 * <p>Each throws {@link CallbackStoreException} if the store is unavailable, whatever the store throws itself.
 */
public final class StoreView {

    private final CallbackStore store;
    private final CallbackSettings settings;
    private final StoreWatch watch;

    StoreView(CallbackStore store, CallbackSettings settings, StoreWatch watch) {
        this.store = store;
        this.settings = settings;
        this.watch = watch;
    }

    /** Returns how full the store is; empty if it cannot tell. */
    public Optional<Occupancy> occupancy() {
        return asked(store::occupancy);
    }

    /** Returns how many answers the store keeps; empty if it keeps none, or cannot tell. */
    public Optional<InboxDepth> inboxDepth() {
        return asked(() -> Claims.inbox(store, settings).flatMap(CallbackInbox::depth));
    }

    /**
     * Returns what is wrong with a store that is available, in sentences without a secret: what it says itself, and whether its clock
     * and this node's differ by more than {@code freshness.clock-skew}. The store is asked once a minute at most.
     */
    public List<String> warnings() {
        return asked(watch::warnings);
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (CallbackStoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CallbackStoreException("The store failed", e);
        }
    }
}
