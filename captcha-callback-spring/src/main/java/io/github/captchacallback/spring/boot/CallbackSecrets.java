package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Recognizes the signing keys in properties of any name: by the setting, by the variable that a setting names, and by the value.
 * Spring shows a variable under relaxed names as well, and a placeholder or an imported file can bring a secret into any property,
 * so the value is compared with what each setting leads to. The secrets are read once, and not for every property.
 */
final class CallbackSecrets {

    private static final String ENV = "env:";
    private static final String FILE = "file:";

    /** The setting in all spellings that Boot allows: dots, dashes, underscores and brackets apart. */
    private static final String PLAIN_KEYS = "captchacallbacksignaturekeys";

    /** It may contain a password. */
    private static final String PLAIN_REDIS_URI = "captchacallbackstoreredisuri";

    private final List<Secret> secrets = new ArrayList<>();

    /** Values that are no usable secret, or not yet: they may become one by a small correction. */
    private final Set<String> texts = new HashSet<>();

    private final Set<String> plainVariables = new HashSet<>();
    private final Supplier<List<Secret>> ofBeans;

    private CallbackSecrets(Supplier<List<Secret>> ofBeans) {
        this.ofBeans = ofBeans;
    }

    /**
     * Reads the secrets that the properties lead to.
     *
     * @param variables gives an environment variable's value, or null
     * @param ofBeans gives the secrets of the application's own beans; asked once, when first needed
     */
    static CallbackSecrets of(
            Environment environment, UnaryOperator<@Nullable String> variables, Supplier<Stream<Secret>> ofBeans) {
        CallbackSecrets secrets =
                new CallbackSecrets(SingletonSupplier.of(() -> ofBeans.get().toList()));
        for (Map.Entry<String, String> setting :
                EnvironmentSettings.read(environment).entrySet()) {
            if (setting.getKey().startsWith(EnvironmentSettings.KEYS)) {
                secrets.add(setting.getValue(), variables);
            }
        }
        return secrets;
    }

    private void add(String value, UnaryOperator<@Nullable String> variables) {
        if (value.startsWith(ENV)) {
            plainVariables.add(plain(value.substring(ENV.length())));
        }
        try {
            secrets.add(Secret.parse(value, variables));
        } catch (IllegalArgumentException e) {
            // The start stops because of it, unless the application makes its own CaptchaCallbacks.
            if (!value.startsWith(ENV) && !value.startsWith(FILE) && !value.isBlank()) {
                texts.add(value);
            }
        }
    }

    boolean isAmong(String key, @Nullable Object value) {
        String plain = plain(key);
        return plain.startsWith(PLAIN_KEYS)
                || plain.equals(PLAIN_REDIS_URI)
                || plainVariables.contains(plain)
                || (value != null && isShownBy(value.toString()));
    }

    private boolean isShownBy(String text) {
        return Stream.concat(secrets.stream(), ofBeans.get().stream()).anyMatch(secret -> secret.isContainedIn(text))
                || texts.stream().anyMatch(text::contains);
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /** Returns how many there are, and none of them. */
    @Override
    public String toString() {
        return "CallbackSecrets[" + (secrets.size() + texts.size()) + " in properties]";
    }
}
