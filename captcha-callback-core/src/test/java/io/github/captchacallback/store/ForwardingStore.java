package io.github.captchacallback.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hands on each call to another store. A test overrides what it disturbs. */
public class ForwardingStore implements CallbackStore {

    private final CallbackStore store;

    /** Makes a store that is as good as another one. */
    public ForwardingStore(CallbackStore store) {
        this.store = store;
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
        return store.claim(request);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return store.claimUnseen(request);
    }

    @Override
    public boolean settle(String key, long lease) {
        return store.settle(key, lease);
    }

    @Override
    public boolean release(String key, long lease) {
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
        store.close();
    }
}
