package io.github.captchacallback.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists all settings, in the order of the documentation. */
final class Schema {

    private static final List<Setting<?>> SETTINGS = Stream.of(
                    CallbackSettings.GROUP,
                    ParameterSettings.GROUP,
                    SignatureSettings.GROUP,
                    FreshnessSettings.GROUP,
                    SourceSettings.GROUP,
                    PendingSettings.GROUP,
                    ReplaySettings.GROUP,
                    DeliverySettings.GROUP,
                    StoreSettings.GROUP,
                    JdbcStoreSettings.GROUP,
                    RedisStoreSettings.GROUP)
            .<Setting<?>>flatMap(group -> group.settings().stream())
            .toList();

    private Schema() {}

    static List<Setting<?>> settings() {
        return SETTINGS;
    }

    /** Finds the setting that a key belongs to. */
    static Optional<Setting<?>> find(String key) {
        return SETTINGS.stream().filter(setting -> setting.covers(key)).findFirst();
    }

    static List<SettingDescription> descriptions() {
        return SETTINGS.stream().map(Setting::description).toList();
    }

    static Map<String, Object> policy(CallbackSettings settings) {
        Map<String, Object> policy = new LinkedHashMap<>();
        for (Setting<?> setting : SETTINGS) {
            Object shown = setting.shown().apply(settings);
            if (shown != null) {
                policy.put(setting.description().name(), shown);
            }
        }
        return policy;
    }
}
