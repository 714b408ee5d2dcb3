package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.spring.CallbackWiringException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** Finds properties that were probably meant for us, such as {@code captcha.calback.public-url}: nobody else would miss them. */
final class MistypedPrefix {

    private static final int MOST_ELEMENTS = 3;

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
            if (CallbackSettings.isMistypedPrefix(name.chop(elements).toString())) {
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
}
