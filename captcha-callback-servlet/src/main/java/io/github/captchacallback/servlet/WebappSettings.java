package io.github.captchacallback.servlet;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.SettingValues;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a webapp says of its callbacks, in all places where it may.
 *
 * @param values the settings, those of a later place over those of an earlier one
 * @param handler the name of a handler's class; null where the webapp names none
 */
record WebappSettings(SettingValues values, @Nullable String handler) {

    static final String HANDLER = "handler";
    static final String CONFIG = "config";
    static final String FILE = "/WEB-INF/captcha-callback.properties";

    private static final String CLASS_PATH = "classpath:";
    private static final String FILE_SYSTEM = "file:";

    /** Returns a filter's init-params, which are all ours. */
    static SortedMap<String, String> initParams(FilterConfig config) {
        SortedMap<String, String> parameters = new TreeMap<>();
        for (String name : Collections.list(config.getInitParameterNames())) {
            parameters.put(name, config.getInitParameter(name));
        }
        return parameters;
    }

    /** Returns the context-params that are ours, by their names without the prefix. */
    static Map<String, String> contextParams(ServletContext context) {
        Map<String, String> parameters = new HashMap<>();
        for (String name : Collections.list(context.getInitParameterNames())) {
            if (name.startsWith(CallbackSettings.PREFIX)) {
                parameters.put(name.substring(CallbackSettings.PREFIX.length()), context.getInitParameter(name));
            }
        }
        return parameters;
    }

    /**
     * Reads all places.
     *
     * @param parameters stand in the webapp's descriptor, and name the handler and a further place
     * @throws CallbackSettingsException where a place cannot be read
     */
    static WebappSettings of(Map<String, String> parameters, ServletContext context) {
        Map<String, String> settings = new HashMap<>(parameters);
        String handler = settings.remove(HANDLER);
        String config = settings.remove(CONFIG);
        SettingValues values = SettingValues.of(settings)
                .overriddenBy(ownFile(context))
                .overriddenBy(
                        config == null || config.isBlank()
                                ? SettingValues.none()
                                : at(config.strip(), classLoader(context)))
                .overriddenBy(System.getProperties(), System.getenv());
        return new WebappSettings(values, handler);
    }

    /** Returns the webapp's class loader; an embedded container may know none. */
    static ClassLoader classLoader(ServletContext context) {
        ClassLoader webapp = context.getClassLoader();
        return webapp == null ? Thread.currentThread().getContextClassLoader() : webapp;
    }

    private static SettingValues ownFile(ServletContext context) {
        InputStream file = context.getResourceAsStream(FILE);
        return file == null ? SettingValues.none() : read(FILE, file);
    }

    private static SettingValues at(String location, ClassLoader classes) {
        if (!location.startsWith(CLASS_PATH)) {
            return SettingValues.ofFile(path(location));
        }
        String name = location.substring(CLASS_PATH.length());
        InputStream resource = classes.getResourceAsStream(name.startsWith("/") ? name.substring(1) : name);
        if (resource == null) {
            throw new CallbackSettingsException(
                    CONFIG,
                    location,
                    "the class path of this webapp has no such resource",
                    "Correct it, or write the path of a file");
        }
        return read(location, resource);
    }

    private static SettingValues read(String place, InputStream resource) {
        try (resource) {
            return SettingValues.ofStream(place, resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String location) {
        String path = location.startsWith(FILE_SYSTEM) ? location.substring(FILE_SYSTEM.length()) : location;
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new CallbackSettingsException(
                    CONFIG, location, "this is no path", "Write the path of a file, or classpath: and a resource");
        }
    }
}
