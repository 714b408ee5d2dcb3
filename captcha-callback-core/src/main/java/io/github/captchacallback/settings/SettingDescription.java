package io.github.captchacallback.settings;

/**
 * Describes one key of the schema, for documentation and for adapters that bind settings in their own way.
 *
 * @param key the key without the prefix {@code captcha.callback.}; where it ends in {@code <…>}, a name of the user's
 *     choice stands there
 * @param type what a value looks like
 * @param defaultValue what holds where the key is not given; empty where there is none
 * @param meaning what the key decides, in a sentence or two of Markdown
 */
public record SettingDescription(String key, String type, String defaultValue, String meaning) {

    /** Says whether the key ends in a name of the user's choice. */
    public boolean isFamily() {
        return key.endsWith(">");
    }

    /** Returns the key up to the name of the user's choice; the whole key where it has none. */
    public String prefix() {
        return isFamily() ? key.substring(0, key.indexOf('<')) : key;
    }
}
