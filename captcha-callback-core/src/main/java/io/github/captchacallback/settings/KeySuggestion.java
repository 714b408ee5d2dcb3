package io.github.captchacallback.settings;

import java.util.Arrays;
import java.util.Comparator;

/** Finds the key that was probably meant. */
final class KeySuggestion {

    /** More changes than one in so many characters, and the two have little to do with each other. */
    private static final int CHARACTERS_PER_CHANGE = 4;

    private KeySuggestion() {}

    static String mend(String key) {
        if (key.startsWith(CallbackSettings.PREFIX)) {
            return "Keys stand without " + CallbackSettings.PREFIX + " here: write "
                    + key.substring(CallbackSettings.PREFIX.length());
        }
        return Arrays.stream(Setting.values())
                .min(Comparator.comparingInt(setting -> distance(key, setting)))
                .filter(setting -> distance(key, setting) <= Math.max(1, key.length() / CHARACTERS_PER_CHANGE))
                .map(setting -> "Did you mean " + CallbackSettings.PREFIX + setting.key() + "? Correct or remove it")
                .orElse("Remove it, or look the key up in docs/settings.md");
    }

    private static int distance(String key, Setting setting) {
        if (!setting.isFamily()) {
            return levenshtein(key, setting.key());
        }
        int dot = key.lastIndexOf('.');
        return levenshtein(key.substring(0, dot + 1), setting.prefix());
    }

    /** Counts the characters to insert, delete or replace (Levenshtein, 1966). */
    private static int levenshtein(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replace = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replace, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
