/**
 * Signs callback URLs and judges the callbacks that arrive at them.
 *
 * <p>The packages {@code protocol}, {@code signature} and {@code source} are not exported: their rules are reached through
 * {@link io.github.captchacallback.CaptchaCallbacks} only.
 */
// Lettuce has no module descriptor, but a fixed name.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.github.captchacallback.core {
    requires com.github.benmanes.caffeine;
    requires org.apache.commons.codec;
    requires org.slf4j;
    requires static java.naming;
    requires static transitive java.sql;
    requires static transitive org.jspecify;
    requires static transitive lettuce.core;

    uses io.github.captchacallback.store.CallbackStoreProvider;
    uses java.sql.Driver;

    provides io.github.captchacallback.store.CallbackStoreProvider with
            io.github.captchacallback.store.jdbc.JdbcStoreProvider,
            io.github.captchacallback.store.redis.RedisStoreProvider;

    exports io.github.captchacallback;
    exports io.github.captchacallback.address;
    exports io.github.captchacallback.delivery;
    exports io.github.captchacallback.http;
    exports io.github.captchacallback.provider;
    exports io.github.captchacallback.settings;
    exports io.github.captchacallback.store;
    exports io.github.captchacallback.store.jdbc;
    exports io.github.captchacallback.store.redis;
}
