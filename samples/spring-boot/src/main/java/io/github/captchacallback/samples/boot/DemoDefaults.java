package io.github.captchacallback.samples.boot;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Adds what the demo's settings cannot hold in a file: a random key for this run, if none is given; an allowlist of this
 * machine, if nothing is said of sources; and no database, if none is configured.
 */
final class DemoDefaults implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    private static final String KEYS = "captcha.callback.signature.keys";
    private static final String SOURCE = "captcha.callback.source";
    private static final String DATA_SOURCE = "spring.datasource";
    private static final int KEY_BYTES = 32;

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Map<String, Object> defaults = new HashMap<>();
        if (isAbsent(event.getEnvironment(), KEYS)) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            defaults.put(KEYS + ".demo", "base64:" + Base64.getEncoder().encodeToString(key));
        }
        if (isAbsent(event.getEnvironment(), SOURCE)) {
            defaults.put(SOURCE + ".allow", "127.0.0.1, ::1");
        }
        if (isAbsent(event.getEnvironment(), DATA_SOURCE)) {
            defaults.put("spring.autoconfigure.exclude", DataSourceAutoConfiguration.class.getName());
        }
        event.getEnvironment().getPropertySources().addLast(new MapPropertySource("demoDefaults", defaults));
    }

    private static boolean isAbsent(Environment environment, String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .allMatch(source -> source.containsDescendantOf(name) == ConfigurationPropertyState.ABSENT);
    }
}
