package io.github.captchacallback.spring;

import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.Occupancy;
import io.github.captchacallback.store.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store that nobody reaches; what it says of that is not for everyone. */
public final class UnreachableStore implements CallbackStore {

    /** What the store says, and an operator reads in the log alone. */
    public static final String REASON = "no route to store.internal";

    private final RuntimeException failure;

    /** Makes a store that fails as it should. */
    public UnreachableStore() {
        this(new CallbackStoreException(REASON));
    }

    /** Makes a store that fails with this. */
    public UnreachableStore(RuntimeException failure) {
        this.failure = failure;
    }

    private RuntimeException outOfReach() {
        return failure;
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        throw outOfReach();
    }

    @Override
    public Binding bind(String key, String taskId) {
        throw outOfReach();
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        throw outOfReach();
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        throw outOfReach();
    }

    @Override
    public boolean settle(String key, long lease) {
        throw outOfReach();
    }

    @Override
    public boolean release(String key, long lease) {
        throw outOfReach();
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        throw outOfReach();
    }

    @Override
    public boolean abandon(String key) {
        throw outOfReach();
    }

    @Override
    public List<String> warnings() {
        throw outOfReach();
    }

    @Override
    public Optional<Occupancy> occupancy() {
        throw outOfReach();
    }

    @Override
    public void close() {}
}
