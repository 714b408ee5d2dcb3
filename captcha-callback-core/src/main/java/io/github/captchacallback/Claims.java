package io.github.captchacallback;

import io.github.captchacallback.protocol.Freshness;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.ReplaySettings;
import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/** Claims callbacks in the store as the settings say, and ends their claims. Safe for use by several threads. */
final class Claims {

    private final CallbackStore store;
    private final CallbackSettings settings;
    private final Freshness freshness;
    private final InstantSource clock;
    private final Notifier notifier;
    private final UnclearClaims unclear;

    Claims(
            CallbackStore store,
            CallbackSettings settings,
            InstantSource clock,
            Notifier notifier,
            UnclearClaims unclear) {
        this.store = store;
        this.settings = settings;
        this.freshness = Freshness.of(settings);
        this.clock = clock;
        this.notifier = notifier;
        this.unclear = unclear;
    }

    /**
     * Claims a callback, or checks that it is expected if each may come many times. The answer of a store can be lost, so a
     * failure is followed by the same step once more: under its lease it is the same claim. A store that has used up {@code
     * store.timeout} is not asked again: no caller waits longer than that.
     */
    ClaimOutcome open(Callback callback, long lease) {
        return open(callback, lease, () -> openOnce(callback, lease));
    }

    /**
     * Claims a callback, and keeps its answer in the same step, as {@link #open} claims it.
     *
     * @throws IllegalStateException if this store keeps no answers, see {@link #inbox}
     */
    ClaimOutcome openAndKeep(Callback callback, long lease) {
        CallbackInbox inbox = inbox(store, settings)
                .orElseThrow(
                        () -> new IllegalStateException("The store keeps no answers, so none may be accepted here"));
        String answer = new KeptAnswer(settings.path(), callback).write();
        Duration keep = settings.delivery().keep().plus(settings.replay().lease());
        ClaimRequest request = request(callback, lease);
        return open(
                callback,
                lease,
                () -> settings.pending().enabled()
                        ? inbox.accept(request, answer, keep)
                        : inbox.acceptUnseen(request, answer, keep));
    }

    /** Returns the store if it keeps answers. Without one-time use there is no claim to keep an answer with. */
    static Optional<CallbackInbox> inbox(CallbackStore store, CallbackSettings settings) {
        return store instanceof CallbackInbox inbox && settings.replay().enabled()
                ? Optional.of(inbox)
                : Optional.empty();
    }

    private ClaimOutcome open(Callback callback, long lease, Supplier<ClaimOutcome> step) {
        Instant start = clock.instant();
        try {
            return step.get();
        } catch (CallbackStoreFullException e) {
            throw e;
        } catch (RuntimeException e) {
            Duration taken = Duration.between(start, clock.instant());
            if (taken.multipliedBy(2).compareTo(settings.store().timeout()) >= 0) {
                throw givenUp(callback, lease, e);
            }
            return openAgain(callback, lease, step);
        }
    }

    private ClaimOutcome openAgain(Callback callback, long lease, Supplier<ClaimOutcome> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            throw givenUp(callback, lease, e);
        }
    }

    /** Releases a claim that may have been made, and returns the failure. */
    private RuntimeException givenUp(Callback callback, long lease, RuntimeException failure) {
        if (oneTime()) {
            unclear.release(callback.reference(), lease, settings.replay().lease());
        }
        return failure;
    }

    private ClaimOutcome openOnce(Callback callback, long lease) {
        if (oneTime()) {
            ClaimRequest request = request(callback, lease);
            return settings.pending().enabled() ? store.claim(request) : store.claimUnseen(request);
        }
        boolean expected =
                !settings.pending().enabled() || store.bind(callback.reference(), callback.taskId()) == Binding.BOUND;
        return expected ? new ClaimOutcome.Claimed() : new ClaimOutcome.Unknown();
    }

    private ClaimRequest request(Callback callback, long lease) {
        Instant issuedAt = callback.issuedAt();
        Duration keep = issuedAt == null
                ? freshness.window()
                : Duration.between(callback.receivedAt(), freshness.forgottenAt(issuedAt));
        return request(callback, lease, keep);
    }

    private ClaimRequest request(Callback callback, long lease, Duration keep) {
        return new ClaimRequest(
                callback.reference(),
                callback.taskId(),
                fingerprint(callback.result()),
                lease,
                settings.replay().lease(),
                keep);
    }

    /** A digest is enough to tell a repeat by, and answers are not kept; if all repeats are alike, nothing is. */
    private String fingerprint(TaskResult result) {
        if (settings.replay().duplicates() != ReplaySettings.Duplicates.OK) {
            return "";
        }
        return DigestUtils.sha256Hex(
                result instanceof TaskResult.Solution solution
                        ? "solution " + solution.text()
                        : "failure " + ((TaskResult.Failure) result).errorCode());
    }

    private boolean oneTime() {
        return settings.replay().enabled();
    }

    boolean settle(Callback callback, long lease) {
        return !oneTime() || store.settle(callback.reference(), lease);
    }

    boolean release(Callback callback, long lease) {
        return !oneTime() || store.release(callback.reference(), lease);
    }

    /**
     * Starts a lease anew. If the store has forgotten the callback, several who have waited too long may ask: they claim it
     * again, and one of them wins.
     */
    boolean renew(Callback callback, long lease) {
        if (!oneTime()) {
            return true;
        }
        Renewal renewal =
                store.renew(callback.reference(), lease, settings.replay().lease());
        return renewal == Renewal.HELD || (renewal == Renewal.FORGOTTEN && claimAgain(callback, lease));
    }

    private boolean claimAgain(Callback callback, long lease) {
        return store.claimUnseen(request(callback, lease, freshness.window())) instanceof ClaimOutcome.Claimed;
    }

    Instant now() {
        return clock.instant();
    }

    Instant leaseFrom(Instant start) {
        return start.plus(settings.replay().lease());
    }

    void tellSettled(Callback callback) {
        notifier.tell(new CallbackEvent.Settled(clock.instant(), callback.reference()));
    }

    void tellReleased(Callback callback, @Nullable String reason) {
        notifier.tell(new CallbackEvent.Released(clock.instant(), callback.reference(), reason));
    }
}
