package io.github.captchacallback.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns values by key into typed settings, and refuses the first that it cannot use. */
final class SettingsReader {

    private final Map<String, String> values;
    private final UnaryOperator<@Nullable String> environment;

    SettingsReader(Map<String, String> values, UnaryOperator<@Nullable String> environment) {
        this.values = new TreeMap<>(values);
        this.environment = environment;
    }

    CallbackSettings read() {
        values.keySet().forEach(SettingsReader::requireKnown);
        CallbackSettings settings = CallbackSettings.read(this);
        SettingsRules.check(settings);
        return settings;
    }

    private static void requireKnown(String key) {
        if (Schema.find(key).isEmpty()) {
            throw new CallbackSettingsException(key, null, "there is no such setting", KeySuggestion.action(key));
        }
    }

    /** Returns the value of a setting that has a default. */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalArgumentException(setting.key() + " has no default"));
    }

    /** Returns the value of a setting, or its default; empty if it has neither. */
    <T> Optional<T> find(Setting<T> setting) {
        SettingType<T> type = setting.type();
        String written = values.get(setting.key());
        if (written == null || (written.isBlank() && type.blankIsUnset())) {
            String byDefault = setting.defaultValue();
            return byDefault.isEmpty() ? Optional.empty() : Optional.of(parse(setting.key(), type, byDefault));
        }
        return Optional.of(parse(setting.key(), type, written.isBlank() ? written : written.strip()));
    }

    /** Returns the values of a family by the names that the user chose. A value is read as it is written. */
    <T> Map<String, T> family(Setting<T> family) {
        Map<String, T> byId = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (family.covers(key)) {
                String id = key.substring(family.prefix().length());
                KeyIds.require(key, id, byId.keySet());
                byId.put(id, parse(key, family.type(), value));
            }
        });
        return Collections.unmodifiableMap(byId);
    }

    private <T> T parse(String key, SettingType<T> type, String text) {
        return type.parser().parse(new SettingText(key, text, environment));
    }
}
