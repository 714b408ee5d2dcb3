package io.github.captchacallback.settings;

import java.util.List;

/**
 * Describes one key of the schema, for documentation and for adapters that read settings in their own way.
 *
 * @param key the key without the prefix {@code captcha.callback.}; if it ends with {@code <…>}, that part is a name of
 *     the user's choice
 * @param type what a value looks like, in Markdown
 * @param javaType the class by which an editor would represent a value: {@link String}, {@link Boolean},
 *     {@link Integer}, {@link Long}, {@link java.time.Duration}, or {@link List} for a list of texts
 * @param choices the texts, or entries of a list, that an editor suggests; empty if there are none
 * @param defaultValue the value if the key is not given; empty if there is none
 * @param meaning what the key decides, in a sentence or two of Markdown
 */
public record SettingDescription(
        String key, String type, Class<?> javaType, List<String> choices, String defaultValue, String meaning) {

    /** Reports whether the key ends with a name of the user's choice. */
    public boolean isFamily() {
        return key.endsWith(">");
    }

    /** Returns the key up to the name of the user's choice; the whole key if it has none. */
    public String prefix() {
        return isFamily() ? key.substring(0, key.indexOf('<')) : key;
    }

    /** Returns the key without the name of the user's choice and the dot before it, such as {@code signature.keys}. */
    public String name() {
        return isFamily() ? key.substring(0, key.indexOf(".<")) : key;
    }

    /** Reports whether a value is a list of entries. */
    public boolean isList() {
        return javaType == List.class;
    }
}
