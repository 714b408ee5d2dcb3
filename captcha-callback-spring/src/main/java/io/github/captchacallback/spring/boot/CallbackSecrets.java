package io.github.captchacallback.spring.boot;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Knows the signing keys when it sees them: by the setting, by the variable that a setting names, and by the text itself, which
 * a placeholder may have brought here from a property of any name.
 *
 * @param texts the settings' values, secrets among them
 * @param variables the names of environment variables that hold a secret
 */
record CallbackSecrets(Set<String> texts, Set<String> variables) {

    private static final String ENV = "env:";
    private static final String FILE = "file:";

    /** The setting in all spellings that Boot allows: dots, dashes, underscores and brackets apart. */
    private static final String PLAIN_KEYS = "captchacallbacksignaturekeys";

    static CallbackSecrets of(Environment environment) {
        Set<String> values = EnvironmentSettings.read(environment).entrySet().stream()
                .filter(setting -> setting.getKey().startsWith(EnvironmentSettings.KEYS))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        return new CallbackSecrets(
                values.stream()
                        .filter(value -> !value.startsWith(ENV) && !value.startsWith(FILE) && !value.isBlank())
                        .collect(Collectors.toSet()),
                values.stream()
                        .filter(value -> value.startsWith(ENV))
                        .map(value -> value.substring(ENV.length()))
                        .collect(Collectors.toSet()));
    }

    boolean isAmong(String key, @Nullable Object value) {
        return isSetting(key)
                || variables.contains(key)
                || (value != null && texts.stream().anyMatch(value.toString()::contains));
    }

    private static boolean isSetting(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT).startsWith(PLAIN_KEYS);
    }

    /** Returns how many there are, and none of them. */
    @Override
    public String toString() {
        return "CallbackSecrets[" + texts.size() + " texts, " + variables.size() + " variables]";
    }
}
