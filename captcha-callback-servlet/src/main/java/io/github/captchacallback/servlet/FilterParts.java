package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a filter's init-params come to.
 *
 * @param delivery null where the application has an endpoint of its own
 */
record FilterParts(CaptchaCallbacks callbacks, @Nullable BackgroundDelivery delivery) {

    static FilterParts of(FilterConfig config) throws ServletException {
        Map<String, String> settings = new HashMap<>();
        for (String name : Collections.list(config.getInitParameterNames())) {
            settings.put(name, config.getInitParameter(name));
        }
        String handler = settings.remove(CaptchaCallbackFilter.HANDLER);
        CaptchaCallbacks callbacks;
        try {
            callbacks = CaptchaCallbacks.builder().settings(settings).build();
        } catch (CallbackSettingsException e) {
            throw new ServletException(e.getMessage());
        }
        return new FilterParts(
                callbacks, handler == null ? null : new BackgroundDelivery(callbacks, newHandler(handler, config)));
    }

    private static CallbackHandler newHandler(String className, FilterConfig config) throws ServletException {
        ClassLoader webapp = config.getServletContext().getClassLoader();
        try {
            // An embedded container may know no class loader of the webapp.
            return Class.forName(
                            className.strip(),
                            true,
                            webapp == null ? Thread.currentThread().getContextClassLoader() : webapp)
                    .asSubclass(CallbackHandler.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new ServletException(
                    "init-param " + CaptchaCallbackFilter.HANDLER + " = '" + className
                            + "': it cannot be made. Name a class that implements " + CallbackHandler.class.getName()
                            + " and has a public constructor without parameters.",
                    e);
        }
    }

    /** Waits for what was taken on, then closes the store that it needs. */
    void close() {
        if (delivery != null) {
            delivery.close();
        }
        callbacks.close();
    }
}
