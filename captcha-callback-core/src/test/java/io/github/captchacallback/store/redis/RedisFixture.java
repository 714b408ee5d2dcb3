package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.StoreFixture;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Opens two store objects on one Redis, with a key prefix of their own, and adds to the time of the server. */
final class RedisFixture implements StoreFixture {

    private static final AtomicLong PREFIXES = new AtomicLong();

    private final String prefix = "test-" + PREFIXES.incrementAndGet() + ":";
    private final AtomicLong ahead = new AtomicLong();
    private final List<RedisURI> servers;
    private final UnaryOperator<RedisCallbackStore.Builder> options;

    RedisFixture(List<RedisURI> servers, UnaryOperator<RedisCallbackStore.Builder> options) {
        this.servers = servers;
        this.options = options;
    }

    static RedisFixture of(RedisServer server) {
        return new RedisFixture(List.of(server.uri()), builder -> builder);
    }

    @Override
    public RedisCallbackStore open(long capacity) {
        return options.apply(
                        RedisCallbackStore.builder(servers).keyPrefix(prefix).timeout(Duration.ofSeconds(5)))
                .ahead(ahead::get)
                .open();
    }

    @Override
    public Optional<CallbackStore> openAnother() {
        return Optional.of(open(0));
    }

    @Override
    public void advance(Duration duration) {
        ahead.addAndGet(duration.toMillis());
    }

    @Override
    public Duration margin() {
        return Duration.ofSeconds(4);
    }
}
