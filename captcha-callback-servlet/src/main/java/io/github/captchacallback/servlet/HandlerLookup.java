package io.github.captchacallback.servlet;

import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.CallbackSettingsException;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the handler of a webapp that wants no endpoint: the one that it names, or the one service that it brings. */
final class HandlerLookup {

    private HandlerLookup() {}

    /**
     * Makes the handler.
     *
     * @param className the name of its class; null where the webapp names none
     * @return null where there is neither a name nor a service
     * @throws CallbackSettingsException where it cannot be made, or it is not clear which one is meant
     */
    static @Nullable CallbackHandler find(@Nullable String className, ClassLoader classes) {
        List<ServiceLoader.Provider<CallbackHandler>> services = services(classes);
        if (className != null && services.isEmpty()) {
            return named(className, classes);
        }
        if (className != null || services.size() > 1) {
            throw refused(
                    className,
                    "there is more than one handler: the class path of this webapp brings " + names(services)
                            + " as a service",
                    "Keep one of them");
        }
        return services.isEmpty() ? null : made(services.get(0));
    }

    private static List<ServiceLoader.Provider<CallbackHandler>> services(ClassLoader classes) {
        try {
            return ServiceLoader.load(CallbackHandler.class, classes).stream().toList();
        } catch (ServiceConfigurationError e) {
            throw unusableService(e);
        }
    }

    private static String names(List<ServiceLoader.Provider<CallbackHandler>> services) {
        return services.stream().map(each -> each.type().getName()).sorted().collect(Collectors.joining(" and "));
    }

    private static CallbackHandler made(ServiceLoader.Provider<CallbackHandler> service) {
        try {
            return service.get();
        } catch (ServiceConfigurationError e) {
            throw unusableService(e);
        }
    }

    private static CallbackHandler named(String className, ClassLoader classes) {
        try {
            return Class.forName(className.strip(), true, classes)
                    .asSubclass(CallbackHandler.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw causedBy(
                    e,
                    refused(
                            className,
                            "it cannot be made",
                            "Name a class that implements " + CallbackHandler.class.getName()
                                    + " and has a public constructor without parameters"));
        }
    }

    private static CallbackSettingsException unusableService(ServiceConfigurationError e) {
        return causedBy(
                e, refused(null, "a service cannot be made: " + e.getMessage(), "Correct or remove its service file"));
    }

    private static CallbackSettingsException refused(@Nullable String className, String problem, String action) {
        return new CallbackSettingsException(WebappSettings.HANDLER, className, problem, action);
    }

    private static CallbackSettingsException causedBy(Throwable cause, CallbackSettingsException exception) {
        exception.initCause(cause);
        return exception;
    }
}
