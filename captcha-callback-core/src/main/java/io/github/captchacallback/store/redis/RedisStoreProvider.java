package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreProvider;
import io.github.captchacallback.store.StoreContext;

/** Opens the store of {@code store.type=redis} from the settings {@code store.redis.*}. */
public final class RedisStoreProvider implements CallbackStoreProvider {

    /** Makes a provider; {@link java.util.ServiceLoader} does so. */
    public RedisStoreProvider() {}

    @Override
    public String type() {
        return "redis";
    }

    @Override
    public CallbackStore open(StoreContext context) {
        String uri = context.settings().get("redis.uri");
        if (uri == null) {
            throw new IllegalArgumentException(
                    "store.redis.uri is not set. Write where the Redis is, such as redis://localhost:6379");
        }
        try {
            return ConfiguredRedis.open(uri, context);
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    "the library io.lettuce:lettuce-core is missing (" + e.getMessage()
                            + "). Add it, in version 7.7 or later",
                    e);
        }
    }
}
