package io.github.captchacallback.settings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Represents settings as they were written, with the place of each. What they mean is decided by
 * {@link CallbackSettings#from(SettingValues)}. Immutable.
 */
public final class SettingValues {

    private static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<String, Written> values;

    /**
     * A value and its place.
     *
     * @param origin the place; null if it says nothing that the key does not
     * @param inVariable whether the place is an environment variable, whose name cannot spell the id of a key
     */
    private record Written(String value, @Nullable String origin, boolean inVariable) {

        Written(String value, @Nullable String origin) {
            this(value, origin, false);
        }
    }

    private SettingValues(Map<String, Written> values) {
        this.values = new TreeMap<>(values);
    }

    /** Returns no settings. */
    public static SettingValues none() {
        return NONE;
    }

    /** Takes settings by their keys, each without {@link CallbackSettings#PREFIX}. */
    public static SettingValues of(Map<String, String> settings) {
        Map<String, Written> values = new LinkedHashMap<>();
        settings.forEach((key, value) -> values.put(key, new Written(value, null)));
        return new SettingValues(values);
    }

    /**
     * Takes our settings out of properties that may hold others', such as the system's: those whose keys begin with
     * {@link CallbackSettings#PREFIX}.
     */
    public static SettingValues ofProperties(Properties properties) {
        return ofProperties(properties, null);
    }

    private static SettingValues ofProperties(Properties properties, @Nullable String origin) {
        Map<String, Written> values = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(CallbackSettings.PREFIX)) {
                values.put(withoutPrefix(name), new Written(properties.getProperty(name), origin));
            }
        }
        return new SettingValues(values);
    }

    /**
     * Takes our settings out of environment variables, which may include those of others: {@code CAPTCHA_CALLBACK_SOURCE_ALLOW} for
     * {@code source.allow}, and {@code CAPTCHA_CALLBACK_SIGNATURE_KEYS_2026_11} for {@code signature.keys.2026-11}. The id of a
     * key is read in lower case, with '-' for '_'. If another place has the key with an id that differs in nothing else, such as
     * {@code Prod_1}, the variable overrides that, and the id stays as it is spelled there. Variables that belong to no setting are
     * ignored, since others set such names as well.
     *
     * @param environment the variables, usually {@link System#getenv()}
     * @throws CallbackSettingsException if the names of two variables mean the same key
     */
    public static SettingValues ofEnvironment(Map<String, String> environment) {
        Map<String, Written> values = new LinkedHashMap<>();
        // In order of their names, so that a message about two of them is always the same.
        new TreeMap<>(environment).forEach((variable, value) -> {
            for (SettingDescription setting : CallbackSettings.schema()) {
                key(setting, variable).ifPresent(key -> {
                    Written written = new Written(value, "environment variable " + variable, true);
                    KeyIds.alike(key, values.keySet()).ifPresent(other -> {
                        throw sameKey(written, values.get(other));
                    });
                    values.put(key, written);
                });
            }
        });
        return new SettingValues(values);
    }

    private static CallbackSettingsException sameKey(Written one, @Nullable Written other) {
        return CallbackSettingsException.at(
                String.valueOf(one.origin()),
                "its name means the same signing key as that of " + (other == null ? "another" : other.origin())
                        + ", since '_' and case do not count in the id of a key",
                "Remove one of the two");
    }

    private static Optional<String> key(SettingDescription setting, String variable) {
        String name = (CallbackSettings.PREFIX + setting.prefix())
                .toUpperCase(Locale.ROOT)
                .replace('.', '_')
                .replace('-', '_');
        if (setting.isFamily()) {
            return variable.startsWith(name) && variable.length() > name.length()
                    ? Optional.of(setting.prefix() + KeyIds.ofVariable(variable.substring(name.length())))
                    : Optional.empty();
        }
        return variable.equals(name) ? Optional.of(setting.key()) : Optional.empty();
    }

    /**
     * Reads a properties file, in UTF-8, that holds our settings alone, each under {@link CallbackSettings#PREFIX}.
     *
     * @throws CallbackSettingsException where the file cannot be read, or a key is given twice or is not ours
     */
    public static SettingValues ofFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return ofStream(file.toString(), in);
        } catch (IOException e) {
            throw unreadable(file.toString());
        }
    }

    /**
     * Reads what a properties file holds, for one that is no {@link Path}, such as a resource of the class path.
     *
     * @param place what messages call it
     * @param in is read to its end, and left open
     * @throws CallbackSettingsException as of {@link #ofFile(Path)}
     */
    public static SettingValues ofStream(String place, InputStream in) {
        List<String> lines = lines(place, in);
        Map<String, Written> values = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String origin = place + ", line " + (i + 1);
            StringBuilder logicalLine = new StringBuilder(lines.get(i));
            while (isContinued(logicalLine) && i + 1 < lines.size()) {
                logicalLine.append('\n').append(lines.get(++i));
            }
            Properties parsed = parse(logicalLine.toString(), origin);
            for (String name : parsed.stringPropertyNames()) {
                put(values, name, new Written(parsed.getProperty(name), origin));
            }
        }
        return new SettingValues(values);
    }

    /** The decoder of the charset's own choice would put a question mark for what is no UTF-8. */
    private static List<String> lines(String place, InputStream in) {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        List<String> lines = new ArrayList<>();
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            throw unreadable(place);
        }
        return lines;
    }

    private static CallbackSettingsException unreadable(String place) {
        return CallbackSettingsException.at(
                place, "it cannot be read", "Correct its path, its permissions or its encoding, which is UTF-8");
    }

    private static boolean isContinued(CharSequence line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        boolean comment = line.toString().stripLeading().matches("(?s)[#!].*");
        return backslashes % 2 == 1 && !comment;
    }

    private static Properties parse(String line, String origin) {
        Properties parsed = new Properties();
        try {
            parsed.load(new StringReader(line));
        } catch (IOException | IllegalArgumentException e) {
            throw CallbackSettingsException.at(origin, "this is no line of a properties file", "Write key=value");
        }
        return parsed;
    }

    private static void put(Map<String, Written> values, String name, Written written) {
        if (!name.startsWith(CallbackSettings.PREFIX)) {
            // The second line of a secret that was wrapped is taken for a key: one that is none of ours is not shown.
            String key = Schema.find(name).isPresent() ? "the key " + name : "the key";
            throw CallbackSettingsException.at(
                    String.valueOf(written.origin()),
                    key + " does not begin with " + CallbackSettings.PREFIX + "*",
                    "Write the whole key, or keep other settings in a file of their own");
        }
        if (values.put(withoutPrefix(name), written) != null) {
            throw CallbackSettingsException.at(
                    String.valueOf(written.origin()), "the key " + name + " is given before", "Remove one of the two");
        }
    }

    private static String withoutPrefix(String name) {
        return name.substring(CallbackSettings.PREFIX.length());
    }

    /**
     * Returns these settings with others over them: if both have a key, the other's value counts.
     *
     * <p>The id of a signing key that is given by an environment variable is spelled as the other place spells it, see
     * {@link #ofEnvironment(Map)}.
     */
    public SettingValues overriddenBy(SettingValues others) {
        Map<String, Written> all = new LinkedHashMap<>(values);
        others.values.forEach((key, written) -> {
            Optional<String> alike = isSigningKey(key) ? KeyIds.alike(key, values.keySet()) : Optional.empty();
            if (alike.isPresent() && written.inVariable()) {
                // It spells the id no better than the place that it overrides, and must itself be found by later
                // places.
                Written overridden = Objects.requireNonNull(values.get(alike.get()));
                all.put(alike.get(), new Written(written.value(), written.origin(), overridden.inVariable()));
                return;
            }
            alike.filter(id -> Objects.requireNonNull(values.get(id)).inVariable())
                    .ifPresent(all::remove);
            all.put(key, written);
        });
        return new SettingValues(all);
    }

    private static boolean isSigningKey(String key) {
        return key.startsWith(SignatureSettings.KEYS.prefix());
    }

    /**
     * Returns these settings with those of the process over them: system properties, and over these environment variables.
     *
     * @param system usually {@link System#getProperties()}
     * @param environment usually {@link System#getenv()}
     */
    public SettingValues overriddenBy(Properties system, Map<String, String> environment) {
        return overriddenBy(ofProperties(system, "system property")).overriddenBy(ofEnvironment(environment));
    }

    /**
     * Returns the values by key, without {@link CallbackSettings#PREFIX}.
     *
     * <p><b>Security notes.</b> Secrets are among them as they were written: do not print them.
     */
    public Map<String, String> byKey() {
        Map<String, String> byKey = new TreeMap<>();
        values.forEach((key, written) -> byKey.put(key, written.value()));
        return byKey;
    }

    /** Returns where a setting stands; empty where the place says nothing that its key does not. */
    Optional<String> origin(String key) {
        Written written = values.get(key);
        return written == null ? Optional.empty() : Optional.ofNullable(written.origin());
    }

    /** Returns the keys alone: a value may be a secret. */
    @Override
    public String toString() {
        return "SettingValues" + values.keySet();
    }
}
