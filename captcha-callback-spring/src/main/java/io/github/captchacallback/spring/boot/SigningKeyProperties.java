package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.SettingValues;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.ReflectionUtils;

/**
 * Reads the signing keys from Spring's environment, with their ids as they are spelled. Boot's binder would drop characters from an
 * id, split one that is in the name of an environment variable, and make one key of two ids that differ only in case, '-' or '_'.
 * An id is part of every token, so it must be the same as in an application without Spring.
 */
final class SigningKeyProperties {

    /** The parent of all signing keys. */
    static final ConfigurationPropertyName FAMILY = ConfigurationPropertyName.of("captcha.callback.signature.keys");

    private static final String VARIABLES = "CAPTCHA_CALLBACK_SIGNATURE_KEYS_";

    private SigningKeyProperties() {}

    static SettingValues read(Environment environment) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        Collections.reverse(sources);
        SettingValues keys = SettingValues.none();
        for (ConfigurationPropertySource source : sources) {
            if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> properties) {
                keys = keys.overriddenBy(read(properties, environment));
            }
        }
        return keys;
    }

    private static SettingValues read(EnumerablePropertySource<?> properties, Environment environment) {
        Map<String, String> variables = new HashMap<>();
        Map<String, String> spelled = new HashMap<>();
        for (String name : properties.getPropertyNames()) {
            Optional<String> variable = variable(name, properties);
            Optional<String> id = variable.isPresent() ? Optional.empty() : id(name);
            if (variable.isPresent() || id.isPresent()) {
                String written = Objects.toString(properties.getProperty(name), "");
                String value = environment.resolvePlaceholders(written);
                variable.ifPresent(standard -> variables.put(standard, value));
                id.ifPresent(key -> spelled.put(EnvironmentSettings.KEYS + key, value));
            }
        }
        return SettingValues.ofEnvironment(variables).overriddenBy(SettingValues.of(spelled));
    }

    /** Returns an environment variable's name as the core expects it: Boot allows small letters, and a prefix of the application. */
    private static Optional<String> variable(String name, EnumerablePropertySource<?> source) {
        if (!(source instanceof SystemEnvironmentPropertySource)) {
            return Optional.empty();
        }
        return applicationPrefixes(source)
                .map(prefix -> prefix + VARIABLES)
                .filter(start ->
                        name.length() > start.length() && name.regionMatches(true, 0, start, 0, start.length()))
                .map(start -> VARIABLES + name.substring(start.length()))
                .findFirst();
    }

    /** As of {@code SpringApplication.setEnvironmentPrefix}, of which Boot leaves out the dashes or makes them underscores. */
    private static Stream<String> applicationPrefixes(EnumerablePropertySource<?> source) {
        // The interface of Boot 3 that declares the method has lost it to another one in Boot 4.
        Method getPrefix = ReflectionUtils.findMethod(source.getClass(), "getPrefix");
        if (getPrefix == null) {
            return Stream.of("");
        }
        ReflectionUtils.makeAccessible(getPrefix);
        String prefix = (String) ReflectionUtils.invokeMethod(getPrefix, source);
        if (prefix == null || prefix.isEmpty()) {
            return Stream.of("");
        }
        String start = prefix.toUpperCase(Locale.ROOT).replace('.', '_') + "_";
        return Stream.of(start.replace("-", ""), start.replace('-', '_'));
    }

    private static Optional<String> id(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        if (!FAMILY.isAncestorOf(name)) {
            return Optional.empty();
        }
        if (!FAMILY.isParentOf(name)) {
            return Optional.of(name.subName(FAMILY.getNumberOfElements()).toString());
        }
        return Optional.of(
                name.isLastElementIndexed()
                        ? name.getLastElement(Form.ORIGINAL)
                        : property.substring(property.lastIndexOf('.') + 1));
    }
}
