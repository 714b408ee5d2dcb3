package io.github.captchacallback.settings;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which Redis remembers references.
 *
 * <p><b>Security notes.</b> The URI may contain a password; {@link #toString()}, the policy and messages do not show it.
 *
 * @param uri where it is; null if something else says so, such as the settings of Spring
 * @param keyPrefix what all keys begin with
 * @param cluster whether it is a Cluster
 */
public record RedisStoreSettings(@Nullable String uri, String keyPrefix, boolean cluster) {

    static final SettingGroup<RedisStoreSettings> GROUP =
            new SettingGroup<>(settings -> settings.store().redis());

    private static final List<String> SCHEMES =
            List.of("redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-socket");
    private static final Pattern URI_PATTERN = Pattern.compile("([a-z-]+)://(?:.*@)?([^@]+)");
    private static final Pattern PREFIX_PATTERN = Pattern.compile("[!-z|~]{1,100}");

    static final Setting<String> URI = GROUP.declare(
            "store.redis.uri",
            SettingType.of(
                    "`redis://user:password@host:port`, `rediss://…` with TLS, or `redis-sentinel://…#name`",
                    String.class,
                    RedisStoreSettings::uri,
                    RedisStoreSettings::withoutPassword),
            "",
            "Where the Redis is. For a Cluster, list several hosts with commas. Spring Boot takes `spring.data.redis.*`"
                    + " instead, unless this is given.",
            RedisStoreSettings::uri);

    static final Setting<String> KEY_PREFIX = GROUP.declare(
            "store.redis.key-prefix",
            SettingType.text("1 to 100 printable ASCII characters without braces", RedisStoreSettings::prefix),
            "captcha-callback:",
            "What all keys in Redis begin with. Applications that share a Redis need different prefixes.",
            RedisStoreSettings::keyPrefix);

    static final Setting<Boolean> CLUSTER = GROUP.declare(
            "store.redis.cluster",
            SettingType.BOOLEAN,
            "false",
            "Whether `store.redis.uri` names nodes of a Redis Cluster.",
            RedisStoreSettings::cluster);

    static RedisStoreSettings read(SettingsReader settings) {
        return new RedisStoreSettings(settings.find(URI).orElse(null), settings.get(KEY_PREFIX), settings.get(CLUSTER));
    }

    private static String uri(SettingText text) {
        Matcher uri = URI_PATTERN.matcher(text.text());
        if (!uri.matches() || !SCHEMES.contains(uri.group(1))) {
            throw text.refused(
                    withoutPassword(text.text()),
                    "this is no URI of a Redis",
                    "Write redis://host:port, with user:password@ before the host if they are needed, and rediss:// for TLS");
        }
        return text.text();
    }

    private static String withoutPassword(String uri) {
        Matcher parts = URI_PATTERN.matcher(uri);
        if (!parts.matches()) {
            return "(not shown, since it may contain a password)";
        }
        return uri.contains("@") ? parts.group(1) + "://***@" + parts.group(2) : uri;
    }

    private static String prefix(SettingText text) {
        if (!PREFIX_PATTERN.matcher(text.text()).matches()) {
            throw text.refused(
                    "it has other characters than printable ASCII without braces, or more than 100 of them",
                    "Write a short prefix, such as captcha-callback:");
        }
        return text.text();
    }

    /** Returns the values, without a password. */
    @Override
    public String toString() {
        return "RedisStoreSettings[uri=" + (uri == null ? null : withoutPassword(uri)) + ", keyPrefix=" + keyPrefix
                + ", cluster=" + cluster + "]";
    }
}
