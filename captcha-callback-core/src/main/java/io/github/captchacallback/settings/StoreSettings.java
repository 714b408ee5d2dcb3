package io.github.captchacallback.settings;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Decides where references are remembered.
 *
 * @param type {@code caffeine}, or the type of a provider
 * @param capacity the most references that are remembered at once
 * @param timeout how long one step of a shared store may take, with all its attempts
 * @param jdbc which database it is, if that is the type
 * @param redis where the Redis is, if that is the type
 */
public record StoreSettings(
        String type, long capacity, Duration timeout, JdbcStoreSettings jdbc, RedisStoreSettings redis) {

    static final SettingGroup<StoreSettings> GROUP = new SettingGroup<>(CallbackSettings::store);

    private static final String CAFFEINE = "caffeine";
    private static final Pattern TYPE_PATTERN = Pattern.compile("[a-z][a-z0-9-]*");

    static final Setting<String> TYPE = GROUP.declare(
            "store.type",
            SettingType.text("`caffeine`, `jdbc`, `redis`, or the type of a provider", StoreSettings::type)
                    .suggesting(CAFFEINE, "jdbc", "redis"),
            CAFFEINE,
            "Where references are remembered: in this process's memory, in a database, in a Redis, or in a store that a provider"
                    + " opens.",
            StoreSettings::type);

    static final Setting<Long> CAPACITY = GROUP.declare(
            "store.capacity",
            SettingType.number(1, Long.MAX_VALUE),
            "1000000",
            "How many references are remembered at once. A full store refuses; it never forgets early.",
            StoreSettings::capacity);

    static final Setting<Duration> TIMEOUT = GROUP.declare(
            "store.timeout",
            DurationType.from(Duration.ofMillis(10)),
            "2s",
            "How long a step of a shared store may take, with all its attempts. After that the callback is answered 503.",
            StoreSettings::timeout);

    static StoreSettings read(SettingsReader settings) {
        return new StoreSettings(
                settings.get(TYPE),
                settings.get(CAPACITY),
                settings.get(TIMEOUT),
                JdbcStoreSettings.read(settings),
                RedisStoreSettings.read(settings));
    }

    private static String type(SettingText text) {
        if (!TYPE_PATTERN.matcher(text.text()).matches()) {
            throw text.refused(
                    "a type has lower-case letters, digits and '-'",
                    "Write caffeine, jdbc, redis, or the type of a CallbackStoreProvider");
        }
        return text.text();
    }
}
