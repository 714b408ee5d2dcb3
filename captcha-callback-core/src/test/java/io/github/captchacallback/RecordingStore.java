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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes down what is asked of a store, is unavailable if a test says so, and loses its answers. */
public final class RecordingStore implements CallbackStore {

    private final CallbackStore store;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private volatile @Nullable RuntimeException failure;
    private volatile Runnable beforeClaim = () -> {};

    /** Makes a store that hands on to another one what it is asked. */
    public RecordingStore(CallbackStore store) {
        this.store = store;
    }

    /** Returns the names of the methods that were called, in their order. */
    public List<String> calls() {
        return calls;
    }

    /** Waits until a claim was released. */
    public void awaitRelease() {
        try {
            if (!released.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("No claim was released: " + calls);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets every call fail from now on, as if the store were unavailable. */
    public void fail() {
        failWith(new CallbackStoreException("The store is unavailable"));
    }

    /** Lets every call end in that exception from now on. */
    public void failWith(RuntimeException exception) {
        failure = exception;
    }

    /** Lets the answers of the next claims be lost on their way, after the store has claimed. */
    public void loseAnswers(int count) {
        lostAnswers.set(count);
    }

    /** Runs something at the beginning of each claim, such as letting time pass. */
    public void beforeEachClaim(Runnable task) {
        beforeClaim = task;
    }

    private <T> T answer(T answer) {
        if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new CallbackStoreException("The store did not answer in time");
        }
        return answer;
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
        beforeClaim.run();
        return answer(called("claim").claim(request));
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return answer(called("claimUnseen").claimUnseen(request));
    }

    @Override
    public boolean settle(String key, long lease) {
        return called("settle").settle(key, lease);
    }

    @Override
    public boolean release(String key, long lease) {
        boolean ended = called("release").release(key, lease);
        released.countDown();
        return ended;
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
