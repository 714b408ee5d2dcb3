package io.github.captchacallback.servlet;

import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.Renewal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs something before it passes a call on to another store: that may throw, or wait. */
final class FailingStore implements CallbackStore {

    private final CallbackStore store;
    private Runnable beforeClaim = () -> {};
    private Runnable beforeEnd = () -> {};
    private Runnable beforeClose = () -> {};

    FailingStore(CallbackStore store) {
        this.store = store;
    }

    FailingStore onClaim(Runnable step) {
        beforeClaim = step;
        return this;
    }

    /** Sets what runs before a claim is settled or released. */
    FailingStore onEnd(Runnable step) {
        beforeEnd = step;
        return this;
    }

    FailingStore onClose(Runnable step) {
        beforeClose = step;
        return this;
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        store.expect(key, taskId, keep);
    }

    @Override
    public Binding bind(String key, String taskId) {
        return store.bind(key, taskId);
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        beforeClaim.run();
        return store.claim(request);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        beforeClaim.run();
        return store.claimUnseen(request);
    }

    @Override
    public boolean settle(String key, long lease) {
        beforeEnd.run();
        return store.settle(key, lease);
    }

    @Override
    public boolean release(String key, long lease) {
        beforeEnd.run();
        return store.release(key, lease);
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        return store.renew(key, lease, leaseFor);
    }

    @Override
    public boolean abandon(String key) {
        return store.abandon(key);
    }

    @Override
    public void close() {
        beforeClose.run();
        store.close();
    }
}
