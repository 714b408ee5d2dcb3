package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SettingDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads our settings from Spring's environment, in all the spellings that Boot allows, and names them as the core's schema does.
 * What they mean, and whether they can be used, is decided there.
 */
final class EnvironmentSettings {

    static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("captcha.callback");

    /** The part of a key before the id of a signing key. */
    static final String KEYS = "signature.keys.";

    private EnvironmentSettings() {}

    static boolean isAnySet(Environment environment) {
        return !read(environment).isEmpty();
    }

    /** Returns the values by key, without the prefix; unknown keys as well, so that the core can name them. */
    static Map<String, String> read(Environment environment) {
        Map<String, String> values = new HashMap<>();
        names(environment)
                .filter(PREFIX::isAncestorOf)
                .filter(name -> !isKnown(name))
                .forEach(name ->
                        values.put(name.subName(PREFIX.getNumberOfElements()).toString(), ""));
        Binder binder = Binder.get(environment);
        for (SettingDescription setting : CallbackSettings.schema()) {
            if (!setting.isFamily()) {
                bind(binder, setting).ifBound(value -> values.put(setting.key(), value));
            }
        }
        values.putAll(SigningKeyProperties.read(environment).byKey());
        return values;
    }

    /** Returns the ids of the signing keys, and none of their values. */
    static Set<String> keyIds(Environment environment) {
        return read(environment).keySet().stream()
                .filter(key -> key.startsWith(KEYS))
                .map(key -> key.substring(KEYS.length()))
                .collect(Collectors.toSet());
    }

    /** A list may be written as one text, or as a sequence in YAML: the source that counts for most decides. */
    private static BindResult<String> bind(Binder binder, SettingDescription setting) {
        ConfigurationPropertyName name = PREFIX.append(setting.key());
        return setting.isList()
                ? binder.bind(name, Bindable.listOf(String.class)).map(entries -> String.join(",", entries))
                : binder.bind(name, Bindable.of(String.class));
    }

    /**
     * Names what is set. Environment variables are not asked: others set them, too, such as Kubernetes for a service of our
     * prefix's name, and a variable is a good place for a secret that a setting names.
     */
    static Stream<ConfigurationPropertyName> names(Environment environment) {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(source -> !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource))
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(EnvironmentSettings::namesIn);
    }

    private static Stream<ConfigurationPropertyName> namesIn(ConfigurationPropertySource source) {
        return ((IterableConfigurationPropertySource) source).stream();
    }

    static boolean isKnown(ConfigurationPropertyName name) {
        return CallbackSettings.schema().stream()
                .anyMatch(setting -> setting.isFamily()
                        ? SigningKeyProperties.FAMILY.isAncestorOf(name)
                        : PREFIX.append(setting.key()).equals(setting.isList() ? withoutIndex(name) : name));
    }

    private static ConfigurationPropertyName withoutIndex(ConfigurationPropertyName name) {
        return name.isLastElementIndexed() ? name.getParent() : name;
    }
}
