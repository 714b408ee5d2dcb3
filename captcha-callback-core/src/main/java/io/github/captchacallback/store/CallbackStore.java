package io.github.captchacallback.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which callbacks are expected and which have been claimed. Every method is one atomic step, whatever the number
 * of threads and processes that share the store: of all that claim one key, one wins.
 *
 * <pre>
 *            expect                 claim                    settle
 * (none) ─────────────▶ EXPECTED ─────────────▶ CLAIMED ──────────────▶ SETTLED ─── kept long enough ──▶ (none)
 *                         │   ▲                    │
 *             time is over│   └──── release, or lease over
 *                         ▼
 *                       (none)
 * </pre>
 *
 * <p>An implementation is safe for use by several threads. It decides by its own clock, since the clocks of nodes differ, and
 * never forgets an entry before its time: a full store refuses new entries. A claim is identified by its lease, and every step
 * of a claim can be repeated under it, so that a caller whose answer was lost asks again. The class {@code
 * CallbackStoreContract} in this module's test-jar tests all of this; an implementation's test extends it.
 *
 * <p><b>Security notes.</b> What a store in another process says is believed. Keys and task ids are passed as data, never as
 * part of a statement.
 */
public interface CallbackStore extends AutoCloseable {

    /**
     * Records that a callback is expected.
     *
     * @param key the reference, or the task id; new to the store
     * @param taskId the service's id of the task; null if it is not known yet
     * @param keep how long the entry is remembered unless it is claimed; positive
     * @throws CallbackStoreFullException if there is no room
     * @throws CallbackStoreException if the store is unavailable
     * @throws IllegalStateException if the key is already known
     */
    void expect(String key, @Nullable String taskId, Duration keep);

    /**
     * Records the task id of a known key. Binding the same id again is no conflict.
     *
     * @throws CallbackStoreException if the store is unavailable
     */
    Binding bind(String key, String taskId);

    /**
     * Claims a callback that is expected: checks that its task id is the bound one, binding it if there is none, and that
     * no other claim is in progress or settled.
     *
     * <p>Under the lease of a claim that is in progress, it is the same claim. Under the lease of a claim that was released
     * it is in progress, so that a late first attempt does not claim for nobody.
     *
     * @throws CallbackStoreException if the store is unavailable; whether the callback was claimed is then not known
     */
    ClaimOutcome claim(ClaimRequest request);

    /**
     * Claims a callback as {@link #claim(ClaimRequest)} does, and one that the store has never seen as well.
     *
     * @throws CallbackStoreFullException if there is no room; nothing is claimed then, by any of several callers
     * @throws CallbackStoreException if the store is unavailable; whether the callback was claimed is then not known
     */
    ClaimOutcome claimUnseen(ClaimRequest request);

    /**
     * Ends a claim for good: the application has the answer.
     *
     * @param lease the id under which the claim was made
     * @return whether the claim is settled under this lease, by this call or an earlier one
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean settle(String key, long lease);

    /**
     * Gives a claim back: the application has failed, and the callback can be claimed again.
     *
     * @param lease the id under which the claim was made
     * @return whether the claim is released under this lease, by this call or an earlier one
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean release(String key, long lease);

    /**
     * Starts the lease of a claim anew.
     *
     * @param lease the id under which the claim was made
     * @param leaseFor how long it runs from now on; positive
     * @throws CallbackStoreException if the store is unavailable
     */
    Renewal renew(String key, long lease, Duration leaseFor);

    /**
     * Forgets an expected callback whose task was never submitted. What has been claimed is kept.
     *
     * @return whether there was such an entry
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean abandon(String key);

    /**
     * Returns how full the store is, for those who watch it. The store is asked anew each time, so that one that is
     * unavailable is found out; expired entries count at most until their place is free.
     *
     * @return empty if the store is available and cannot count at a reasonable cost
     * @throws CallbackStoreFullException if it has no room, and cannot count
     * @throws CallbackStoreException if the store is unavailable
     */
    default Optional<Occupancy> occupancy() {
        return Optional.empty();
    }

    /**
     * Describes what is wrong with an available store, for those who watch it, such as a server that may forget entries early. The
     * store is asked anew each time.
     *
     * @return sentences that say what to do, without an address, a key or a secret; empty if nothing is wrong
     * @throws CallbackStoreException if the store is unavailable
     */
    default List<String> warnings() {
        return List.of();
    }

    /**
     * Returns the time by the clock that the store decides by, for those who watch how far the clocks of nodes are apart. It is
     * asked anew each time.
     *
     * @return empty if that is the clock of this process, or if the store cannot tell
     * @throws CallbackStoreException if the store is unavailable
     */
    default Optional<Instant> time() {
        return Optional.empty();
    }

    /** Releases what the store uses; it is not used afterwards. Closing it again changes nothing. */
    @Override
    void close();
}
