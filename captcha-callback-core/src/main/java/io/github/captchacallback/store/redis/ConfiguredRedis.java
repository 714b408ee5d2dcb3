package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.StoreContext;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Opens the store that settings describe. A class of its own, since it needs Lettuce to be loaded. */
final class ConfiguredRedis {

    private ConfiguredRedis() {}

    static CallbackStore open(String uri, StoreContext context) {
        Map<String, String> settings = context.settings();
        boolean cluster = Boolean.parseBoolean(settings.get("redis.cluster"));
        RedisCallbackStore.Builder builder = RedisCallbackStore.builder(servers(uri, cluster))
                .cluster(cluster)
                .timeout(context.timeout())
                .unseenAllowed(context.unseenAllowed());
        String prefix = settings.get("redis.key-prefix");
        if (prefix != null) {
            builder.keyPrefix(prefix);
        }
        return builder.open();
    }

    private static List<RedisURI> servers(String uri, boolean cluster) {
        try {
            return cluster ? RedisClusterURIUtil.toRedisURIs(URI.create(uri)) : List.of(RedisURI.create(uri));
        } catch (IllegalArgumentException e) {
            // Its message may contain the password.
            throw new IllegalArgumentException(
                    "store.redis.uri is no URI of a Redis. Percent-encode special characters of the"
                            + " password, and list several hosts only for a Cluster or Sentinels");
        }
    }
}
