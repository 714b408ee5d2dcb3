package io.github.captchacallback.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what callbacks are expected and which have been claimed. Every method is one atomic step, whatever the number
 * of threads and processes that share the store: of all that claim one key, one wins.
 *
 * <p>An entry is expected, claimed under a lease, or settled:
 *
 * <pre>
 *            expect                 claim                    settle
 * (none) ─────────────▶ EXPECTED ─────────────▶ CLAIMED ──────────────▶ SETTLED ─── retention over ──▶ (none)
 *                         │   ▲                    │
 *            until is over│   └──── release, or lease over ────┘
 *                         ▼
 *                       (none)
 * </pre>
 *
 * <p>An implementation is safe for use by several threads. It never forgets an entry before its time: a full store refuses
 * new entries. It reads the time from a clock given at its construction, so that a test can hold it. The class
 * {@code CallbackStoreContract} in this module's test-jar tests all of this; an implementation's test extends it.
 *
 * <p><b>Security notes.</b> What a store in another process says is believed. Keys and task ids are handed over as data,
 * never as part of a statement.
 */
public interface CallbackStore extends AutoCloseable {

    /**
     * Records that a callback is expected.
     *
     * @param key the reference, or the task id; not known to the store yet
     * @param taskId the service's id of the task; null where it is not known yet
     * @param until when the entry is forgotten, unless it is claimed by then
     * @throws CallbackStoreException where the store is full or out of reach
     * @throws IllegalStateException where the key is known already
     */
    void expect(String key, @Nullable String taskId, Instant until);

    /**
     * Records the task id of an expected callback. Binding the same id again is no conflict.
     *
     * @throws CallbackStoreException where the store is out of reach
     */
    Binding bind(String key, String taskId);

    /**
     * Claims a callback: checks that it is expected, that its task id is the bound one (binding it where none is), and
     * that nobody else has claimed it, all in one step.
     *
     * @throws CallbackStoreException where the store is full or out of reach; nothing is claimed then
     */
    ClaimOutcome claim(ClaimRequest request);

    /**
     * Ends a claim for good: the application has the answer.
     *
     * @param lease the id under which the claim was made
     * @return false where the claim is settled or released, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach
     */
    boolean settle(String key, long lease);

    /**
     * Gives a claim back: the application has failed, and the callback may be claimed again.
     *
     * @param lease the id under which the claim was made
     * @return false where the claim is settled or released, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach
     */
    boolean release(String key, long lease);

    /**
     * Prolongs a claim. One that is forgotten was held so long that no callback for it can come any more: it counts as
     * held, since whoever works on it is the last who can.
     *
     * @param lease the id under which the claim was made
     * @param leaseUntil when the lease now ends
     * @return false where the claim is settled or released, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach
     */
    boolean renew(String key, long lease, Instant leaseUntil);

    /**
     * Forgets an expected callback whose task was never submitted. What has been claimed is kept.
     *
     * @return whether there was such an entry
     * @throws CallbackStoreException where the store is out of reach
     */
    boolean abandon(String key);

    /**
     * Says how full the store is, for those who watch it. The store is asked anew each time, so that one that is out of
     * reach is found out; expired entries count at most until it has made their place free.
     *
     * @return empty where the store was reached and cannot say it at a reasonable cost
     * @throws CallbackStoreException where the store is out of reach
     */
    default Optional<Occupancy> occupancy() {
        return Optional.empty();
    }

    /** Releases what the store holds; it is not used afterwards. Closing it again changes nothing. */
    @Override
    void close();
}
