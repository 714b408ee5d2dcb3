package io.github.captchacallback.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the key or the prefix that was probably meant. */
final class KeySuggestion {

    /** More changes than one in so many characters, and the two have little to do with each other. */
    private static final int CHARACTERS_PER_CHANGE = 4;

    private static final String PREFIX_LETTERS = letters(CallbackSettings.PREFIX);

    /** One letter more, less or changed, twice. */
    private static final int CHANGES_IN_PREFIX = 2;

    /** Other products, whose names are nearly ours. */
    private static final List<String> OTHERS = List.of("hcaptcha", "recaptcha");

    private KeySuggestion() {}

    /** See {@link CallbackSettings#isMistypedPrefix(String)}. */
    static boolean isMistypedPrefix(String beginning) {
        String letters = letters(beginning);
        return OTHERS.stream().noneMatch(letters::startsWith)
                && levenshtein(letters, PREFIX_LETTERS) <= CHANGES_IN_PREFIX
                && !CallbackSettings.PREFIX.equals(beginning + ".");
    }

    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    static String action(String key) {
        if (key.startsWith(CallbackSettings.PREFIX)) {
            return "Keys are written without " + CallbackSettings.PREFIX + " here: write "
                    + key.substring(CallbackSettings.PREFIX.length());
        }
        return Schema.settings().stream()
                .min(Comparator.comparingInt(setting -> distance(key, setting)))
                .filter(setting -> distance(key, setting) <= Math.max(1, key.length() / CHARACTERS_PER_CHANGE))
                .map(setting -> "Did you mean " + CallbackSettings.PREFIX + setting.key() + "? Correct or remove it")
                .orElse("Remove it, or look the key up in docs/settings.md");
    }

    private static int distance(String key, Setting<?> setting) {
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
