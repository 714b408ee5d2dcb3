package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.spring.CallbackWiringException;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Environment;

/** Finds properties that were probably meant for us, such as {@code captcha.calback.public-url}: nobody else would miss them. */
final class MistypedPrefix {

    private static final String LETTERS = "captchacallback";

    /** One letter more, less or changed, twice. */
    private static final int TOLERANCE = 2;

    private static final int MOST_ELEMENTS = 3;

    /** Other products, whose names are nearly ours. */
    private static final List<String> OTHERS = List.of("hcaptcha", "recaptcha");

    private MistypedPrefix() {}

    /**
     * Checks all properties but environment variables.
     *
     * @throws CallbackWiringException if the rest of a name is a setting of ours, and what comes before it nearly our prefix
     */
    static void requireNone(Environment environment) {
        EnvironmentSettings.names(environment)
                .filter(name -> !EnvironmentSettings.PREFIX.isAncestorOf(name))
                .forEach(MistypedPrefix::requireOther);
    }

    private static void requireOther(ConfigurationPropertyName name) {
        for (int elements = 1; elements <= MOST_ELEMENTS && elements < name.getNumberOfElements(); elements++) {
            String letters = letters(name.chop(elements));
            if (OTHERS.stream().noneMatch(letters::startsWith) && distance(letters) <= TOLERANCE) {
                ConfigurationPropertyName meant = EnvironmentSettings.PREFIX.append(name.subName(elements));
                if (EnvironmentSettings.isKnown(meant)) {
                    throw new CallbackWiringException(
                            "The property " + name + " is ignored: the settings of captcha-callback start with "
                                    + CallbackSettings.PREFIX,
                            "Write " + meant);
                }
            }
        }
    }

    private static String letters(ConfigurationPropertyName prefix) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < prefix.getNumberOfElements(); i++) {
            letters.append(prefix.getElement(i, Form.UNIFORM));
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    /** Counts the letters to insert, delete or replace (Levenshtein, 1966). */
    private static int distance(String text) {
        int[] previous = new int[LETTERS.length() + 1];
        for (int column = 0; column <= LETTERS.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= text.length(); row++) {
            int[] current = new int[LETTERS.length() + 1];
            current[0] = row;
            for (int column = 1; column <= LETTERS.length(); column++) {
                int replaced = previous[column - 1] + (text.charAt(row - 1) == LETTERS.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[LETTERS.length()];
    }
}
