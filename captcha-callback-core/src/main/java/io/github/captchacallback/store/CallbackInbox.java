package io.github.captchacallback.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers until the application has them. An answer is kept in the same atomic step that claims its callback, so that
 * a crash after the service got its 200 loses nothing: the work is due again once its lease is over, on any node.
 *
 * <pre>
 *            accept                       settle
 * EXPECTED ─────────▶ CLAIMED, kept ───────────────────▶ SETTLED, answer erased
 *                      │   ▲    │                            ▲
 *      retry, release, │   │    │ bury                       │ discard
 *        or lease over ▼   │    ▼                            │
 *                 WAITING ─┘   DEAD ─────────────────────────┘
 *                   ▲  takeDue  │
 *                   └── replay ─┘
 * </pre>
 *
 * <p>An entry with a kept answer is never open to another callback. The answer is safe, so a second callback is answered as
 * settled: a repeat if it has the same fingerprint. Only {@link #takeDue} hands the answer out. All steps of {@link
 * CallbackStore} apply to such an entry as well:
 *
 * <ul>
 *   <li>{@link #settle} erases the answer. The entry is then remembered as long as its claim needs, and at least until its
 *       last lease ends.
 *   <li>{@link #release} gives back work that was not begun. It is due at once, and the attempt does not count. Use {@link
 *       #retry} for an attempt that failed.
 *   <li>{@link #renew} starts the lease of an attempt anew.
 *   <li>{@link #abandon} does not forget it.
 * </ul>
 *
 * <p>Every step can be repeated under its lease. An implementation is safe for use by several threads and decides by its own
 * clock. The class {@code CallbackInboxContract} in this module's test-jar tests what is described here.
 *
 * <p><b>Security notes.</b> An answer is a secret until it is used. A store does not read, log or show it, and erases it when
 * the entry is settled. What the core hands over is text that it has serialized, and possibly encrypted.
 */
public interface CallbackInbox extends CallbackStore {

    /**
     * Claims an expected callback as {@link #claim(ClaimRequest)} does, and keeps its answer in the same step. This is the
     * first attempt to deliver it, made by the caller.
     *
     * @param request the claim; its {@code keep} is how long the callback is remembered after the answer was erased
     * @param answer any text without U+0000; a store takes at least 100,000 characters
     * @param keep how long the answer is kept at least unless it is settled: longer than all attempts take; positive
     * @throws CallbackStoreFullException if there is no room; nothing is claimed then
     * @throws CallbackStoreException if the store is unavailable; whether the callback was claimed is then not known
     */
    ClaimOutcome accept(ClaimRequest request, String answer, Duration keep);

    /**
     * Claims a callback as {@link #claimUnseen(ClaimRequest)} does, and keeps its answer as {@link #accept} does.
     *
     * @param request the claim
     * @param answer as of {@link #accept}
     * @param keep as of {@link #accept}
     * @throws CallbackStoreFullException if there is no room; nothing is claimed then
     * @throws CallbackStoreException if the store is unavailable; whether the callback was claimed is then not known
     */
    ClaimOutcome acceptUnseen(ClaimRequest request, String answer, Duration keep);

    /**
     * Takes kept answers that wait for an attempt and whose time has come, the longest due first. Their attempts are counted
     * in the same step, so that an answer that crashes its handler's process does not come for ever. Of several callers, no
     * two get the same answer.
     *
     * <p>All answers of one call are taken under one lease; key and lease together identify each. If the call is repeated under
     * the same lease, because its result was lost, it returns what is still claimed under that lease, does not count it again,
     * and may add what is due. What was given back under a lease is not taken under it again.
     *
     * @param lease an id that no other call and no claim has
     * @param limit the most answers to take; at least 1
     * @param leaseFor how long the lease runs unless it is renewed; positive
     * @return at most {@code limit} answers; empty if none is due
     * @throws CallbackStoreException if the store is unavailable; what was taken is then due again when the lease is over
     */
    List<DueAnswer> takeDue(long lease, int limit, Duration leaseFor);

    /**
     * Gives an answer back after an attempt that failed. It is due again after the back-off.
     *
     * @param key the key of the callback
     * @param lease the id under which the answer was accepted or taken
     * @param after how long it is not handed out; zero or positive
     * @return whether the answer waits after it was given back under this lease, by this call or an earlier one
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean retry(String key, long lease, Duration after);

    /**
     * Gives up the delivery of an answer. It is kept for an operator, who replays or discards it.
     *
     * @param key the key of the callback
     * @param lease the id under which the answer was accepted or taken
     * @param reason why, in at most 200 characters and without anything of the answer
     * @param keep how long the answer is kept at least; positive
     * @return whether the entry is dead under this lease, by this call or an earlier one
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean bury(String key, long lease, String reason, Duration keep);

    /**
     * Lists dead entries in pages, without their answers. An entry that is dead from the first page to the last is listed
     * exactly once. The order is the store's own.
     *
     * @param limit the most entries on the page; at least 1
     * @param cursor null for the first page, then {@link DeadPage#next()} of the page before
     * @throws CallbackStoreException if the store is unavailable
     */
    DeadPage dead(int limit, @Nullable String cursor);

    /**
     * Returns what is remembered of a key, without the answer.
     *
     * @param key the key of the callback
     * @return empty if the key was never expected or is forgotten
     * @throws CallbackStoreException if the store is unavailable
     */
    Optional<StoredCallback> find(String key);

    /**
     * Makes a dead answer due now. Its attempts count from the beginning.
     *
     * @param key the key of the callback
     * @param keep how long the answer is kept at least unless it is settled; positive
     * @return whether the entry was dead; false if it is repeated
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean replay(String key, Duration keep);

    /**
     * Erases a dead answer. The callback is settled: it was dealt with in another way, or is worth nothing any more.
     *
     * @param key the key of the callback
     * @return whether the entry was dead; false if it is repeated
     * @throws CallbackStoreException if the store is unavailable
     */
    boolean discard(String key);

    /**
     * Reports whether kept answers outlive this process, so that another one can deliver them. If they do not, a shutdown
     * delivers what it can before it ends.
     */
    default boolean outlivesProcess() {
        return true;
    }

    /**
     * Returns how many answers are kept, for those who watch the inbox.
     *
     * @return empty if the store is available and cannot count at a reasonable cost
     * @throws CallbackStoreException if the store is unavailable
     */
    default Optional<InboxDepth> depth() {
        return Optional.empty();
    }
}
