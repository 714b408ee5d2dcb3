package io.github.captchacallback;

import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down what is asked of a store, and is out of reach when a test says so. */
public final class RecordingStore implements CallbackStore {

    private final CallbackStore store;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile @Nullable RuntimeException failure;

    /** Makes a store that hands on to another one what it is asked. */
    public RecordingStore(CallbackStore store) {
        this.store = store;
    }

    /** Returns the names of the methods that were called, in their order. */
    public List<String> calls() {
        return calls;
    }

    /** Lets every call fail from now on, as if the store were unavailable. */
    public void fail() {
        failWith(new CallbackStoreException("The store is unavailable"));
    }

    /** Lets every call end in that exception from now on. */
    public void failWith(RuntimeException exception) {
        failure = exception;
    }

    /** Ends what {@link #fail} has begun. */
    public void recover() {
        failure = null;
    }

    private CallbackStore called(String method) {
        calls.add(method);
        RuntimeException exception = failure;
        if (exception != null) {
            throw exception;
        }
        return store;
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        called("expect").expect(key, taskId, keep);
    }

    @Override
    public Binding bind(String key, String taskId) {
        return called("bind").bind(key, taskId);
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        return called("claim").claim(request);
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return called("claimUnseen").claimUnseen(request);
    }

    @Override
    public boolean settle(String key, long lease) {
        return called("settle").settle(key, lease);
    }

    @Override
    public boolean release(String key, long lease) {
        return called("release").release(key, lease);
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        return called("renew").renew(key, lease, leaseFor);
    }

    @Override
    public boolean abandon(String key) {
        return called("abandon").abandon(key);
    }

    @Override
    public void close() {
        calls.add("close");
        store.close();
    }
}
