package io.github.captchacallback.settings;

import java.util.List;

/**
 * Decides what remembers references.
 *
 * @param type the name of the store
 * @param capacity the most references that are remembered at once
 */
public record StoreSettings(String type, long capacity) {

    static final SettingGroup<StoreSettings> GROUP = new SettingGroup<>(CallbackSettings::store);

    private static final String CAFFEINE = "caffeine";

    static final Setting<String> TYPE = GROUP.declare(
            "store.type",
            new SettingType<>("`caffeine`", String.class, List.of(CAFFEINE), true, StoreSettings::type, text -> text),
            CAFFEINE,
            "What remembers references: this process's memory.",
            StoreSettings::type);

    static final Setting<Long> CAPACITY = GROUP.declare(
            "store.capacity",
            SettingType.number(1, Long.MAX_VALUE),
            "1000000",
            "How many references are remembered at once. A full store refuses; it never forgets early.",
            StoreSettings::capacity);

    static StoreSettings read(SettingsReader settings) {
        return new StoreSettings(settings.get(TYPE), settings.get(CAPACITY));
    }

    private static String type(SettingText text) {
        if (!text.text().equals(CAFFEINE)) {
            throw text.refused(
                    "this version brings no such store",
                    "Write caffeine, or hand a CallbackStore of your own to the builder");
        }
        return text.text();
    }
}
