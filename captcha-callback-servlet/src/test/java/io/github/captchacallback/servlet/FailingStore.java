package io.github.captchacallback.servlet;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.ForwardingStore;

/** Runs something before it passes a call on to another store: that may throw, or wait. */
final class FailingStore extends ForwardingStore {

    private Runnable beforeClaim = () -> {};
    private Runnable beforeEnd = () -> {};
    private Runnable beforeClose = () -> {};

    FailingStore(CallbackStore store) {
        super(store);
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
    public ClaimOutcome claim(ClaimRequest request) {
        beforeClaim.run();
        return super.claim(request);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        beforeClaim.run();
        return super.claimUnseen(request);
    }

    @Override
    public boolean settle(String key, long lease) {
        beforeEnd.run();
        return super.settle(key, lease);
    }

    @Override
    public boolean release(String key, long lease) {
        beforeEnd.run();
        return super.release(key, lease);
    }

    @Override
    public void close() {
        beforeClose.run();
        super.close();
    }
}
