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
        return text(setting).map(setting.type().parser()::parse);
    }

    /** Returns the text of a setting, or its default; empty if it has neither. */
    Optional<SettingText> text(Setting<?> setting) {
        String text = values.get(setting.key());
        if (text == null || (text.isBlank() && setting.type().blankIsUnset())) {
            return Optional.of(setting.defaultValue())
                    .filter(byDefault -> !byDefault.isEmpty())
                    .map(byDefault -> text(setting.key(), byDefault));
        }
        return Optional.of(text(setting.key(), text.isBlank() ? text : text.strip()));
    }

    /** Returns the values of a family by the names that the user chose. A value is read as it is written. */
    <T> Map<String, T> family(Setting<T> family) {
        Map<String, T> byId = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (family.covers(key)) {
                String id = key.substring(family.prefix().length());
                KeyIds.require(key, id, byId.keySet());
                byId.put(id, family.type().parser().parse(text(key, value)));
            }
        });
        return Collections.unmodifiableMap(byId);
    }

    private SettingText text(String key, String text) {
        return new SettingText(key, text, environment);
    }
}
