package io.github.captchacallback.settings;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Represents the text of one setting while it is read.
 *
 * @param key the key without {@link CallbackSettings#PREFIX}
 * @param text the text, which may be a secret
 * @param environment returns the value of an environment variable that the text names; null if it is not set
 */
record SettingText(String key, String text, UnaryOperator<@Nullable String> environment) {

    /** Describes what is wrong with the text, and shows it. */
    CallbackSettingsException refused(String problem, String action) {
        return refused(text, problem, action);
    }

    /** Describes what is wrong, and shows only a part of the text; nothing of it if that is null. */
    CallbackSettingsException refused(@Nullable String part, String problem, String action) {
        return new CallbackSettingsException(key, part, problem, action);
    }

    /** Returns only the key: the text may be a secret. */
    @Override
    public String toString() {
        return "SettingText[" + key + "]";
    }
}
