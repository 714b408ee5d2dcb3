package io.github.captchacallback.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of one record, in the order of their declarations. To declare a setting is to add it to the
 * schema. All declarations are static fields of the record, so the group is complete when the record's class is
 * initialized.
 *
 * @param <R> the record that is read from the settings
 */
final class SettingGroup<R> {

    private final Function<CallbackSettings, R> group;
    private final List<Setting<?>> settings = new ArrayList<>();

    SettingGroup(Function<CallbackSettings, R> group) {
        this.group = group;
    }

    /**
     * Declares a setting.
     *
     * @param defaultValue the text that is read if the key is not given; empty if there is none
     * @param value returns the record's component that is read from the setting
     */
    <T> Setting<T> declare(
            String key, SettingType<T> type, String defaultValue, String meaning, Function<R, @Nullable T> value) {
        return add(new Setting<>(key, type, defaultValue, meaning, settings -> {
            T inForce = value.apply(group.apply(settings));
            return inForce == null ? null : type.shown().apply(inForce);
        }));
    }

    /**
     * Declares a family of keys, each of which ends with a name of the user's choice. The policy shows only the names,
     * since the values may be secrets.
     *
     * @param key ends with {@code <…>}
     * @param values returns the record's component that is read from the family
     */
    <T> Setting<T> declareFamily(String key, SettingType<T> type, String meaning, Function<R, Map<String, T>> values) {
        return add(new Setting<>(
                key,
                type,
                "",
                meaning,
                settings -> values.apply(group.apply(settings)).keySet().stream()
                        .sorted()
                        .toList()));
    }

    private <T> Setting<T> add(Setting<T> setting) {
        settings.add(setting);
        return setting;
    }

    List<Setting<?>> settings() {
        return List.copyOf(settings);
    }
}
