package io.github.captchacallback.settings;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Declares one key of the schema. Everything that is said about the key elsewhere is derived from its declaration.
 *
 * @param key the key without {@link CallbackSettings#PREFIX}; the key of a family ends with {@code <…>}
 * @param type how its text is read, described and shown
 * @param defaultValue the text that is read if the key is not given; empty if there is none
 * @param meaning what the key decides, in a sentence or two of Markdown
 * @param shown returns the value in force, as the policy shows it; null if there is none
 */
record Setting<T>(
        String key,
        SettingType<T> type,
        String defaultValue,
        String meaning,
        Function<CallbackSettings, @Nullable Object> shown) {

    SettingDescription description() {
        return new SettingDescription(key, type.description(), type.javaType(), type.choices(), defaultValue, meaning);
    }

    boolean isFamily() {
        return description().isFamily();
    }

    String prefix() {
        return description().prefix();
    }

    /** Reports whether a key is this one, or one of this family. */
    boolean covers(String candidate) {
        return isFamily() ? candidate.startsWith(prefix()) : candidate.equals(key);
    }

    /** Returns a failure: the setting is missing (its value is null), or its value does not go together with others. */
    CallbackSettingsException refused(@Nullable String value, String problem, String action) {
        return new CallbackSettingsException(key, value, problem, action);
    }
}
