package io.github.captchacallback.settings;

import java.util.regex.Pattern;

/**
 * Decides where references are remembered.
 *
 * @param type {@code caffeine}, or the type of a provider
 * @param capacity the most references that are remembered at once
 */
public record StoreSettings(String type, long capacity) {

    static final SettingGroup<StoreSettings> GROUP = new SettingGroup<>(CallbackSettings::store);

    private static final String CAFFEINE = "caffeine";
    private static final Pattern TYPE_PATTERN = Pattern.compile("[a-z][a-z0-9-]*");

    static final Setting<String> TYPE = GROUP.declare(
            "store.type",
            SettingType.text("`caffeine`, or the type of a provider", StoreSettings::type)
                    .suggesting(CAFFEINE),
            CAFFEINE,
            "Where references are remembered: in this process's memory, or in a store that a provider opens.",
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
        if (!TYPE_PATTERN.matcher(text.text()).matches()) {
            throw text.refused(
                    "a type has lower-case letters, digits and '-'",
                    "Write caffeine, or the type of a CallbackStoreProvider");
        }
        return text.text();
    }
}
