package io.github.captchacallback.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Compares the ids of signing keys. Names of environment variables have neither small letters nor '-', and Spring Boot ignores case,
 * '-' and '_' in the names of properties. So two ids that differ in nothing else are the same key in one place and two keys in
 * another, and a ring may have only one of them.
 */
final class KeyIds {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private KeyIds() {}

    /**
     * Checks the id with which a key ends.
     *
     * @param others the ids that are used already
     * @throws CallbackSettingsException if it is no id, or too much like another
     */
    static void require(String key, String id, Collection<String> others) {
        if (!ID.matcher(id).matches()) {
            throw new CallbackSettingsException(
                    key, null, "this is no key id", "Write 1 to 32 letters, digits, '_' and '-', such as 2026-11");
        }
        alike(id, others).ifPresent(other -> {
            throw new CallbackSettingsException(
                    key,
                    null,
                    "there is also a key " + other + ", whose id differs only in case, '-' or '_'",
                    "Rename one of the two, and use the same spelling in every place");
        });
    }

    /** Returns the id that the rest of an environment variable's name means: {@code 2026-11} for {@code 2026_11}. */
    static String ofVariable(String rest) {
        return rest.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Finds the id, or the whole key that ends with it, that differs from another in case, '-' and '_' at most. */
    static Optional<String> alike(String id, Collection<String> ids) {
        String plain = plain(id);
        return ids.stream().filter(other -> plain(other).equals(plain)).findFirst();
    }

    private static String plain(String id) {
        return id.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
