package io.github.captchacallback.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Opens two store objects on one map, by a clock that runs, as that of a database does, and has an offset besides. */
final class SharedMapFixture implements StoreFixture {

    private final SharedMapStore.Data data = new SharedMapStore.Data();
    private volatile Duration offset = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(offset);

    @Override
    public CallbackStore open(long capacity) {
        return new SharedMapStore(data, clock);
    }

    @Override
    public Optional<CallbackStore> openAnother() {
        return Optional.of(new SharedMapStore(data, clock));
    }

    @Override
    public void advance(Duration duration) {
        offset = offset.plus(duration);
    }

    @Override
    public Duration margin() {
        return Duration.ofSeconds(4);
    }
}
