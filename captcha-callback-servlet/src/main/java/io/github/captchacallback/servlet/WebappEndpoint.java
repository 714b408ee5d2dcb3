package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Builds the endpoint of a webapp from its settings, and publishes it in the servlet context. */
final class WebappEndpoint {

    private static final String ATTRIBUTE = CallbackEndpoint.class.getName();

    private WebappEndpoint() {}

    /** Returns the endpoint that was published in a webapp. */
    static Optional<CallbackEndpoint> in(ServletContext context) {
        return Optional.ofNullable((CallbackEndpoint) context.getAttribute(ATTRIBUTE));
    }

    /**
     * Builds what the settings describe.
     *
     * @throws CallbackSettingsException if something cannot be used; nothing is left open then
     */
    static CallbackEndpoint of(Map<String, String> parameters, ServletContext context) {
        WebappSettings settings = WebappSettings.of(parameters, context);
        CallbackHandler handler = HandlerLookup.find(settings.handler(), WebappSettings.classLoader(context));
        Executor executor = executor(context);
        CaptchaCallbacks callbacks =
                CaptchaCallbacks.builder().settings(settings.values()).build();
        if (handler == null) {
            return CallbackEndpoint.of(callbacks);
        }
        return executor == null
                ? CallbackEndpoint.of(callbacks, handler)
                : CallbackEndpoint.of(callbacks, handler, executor);
    }

    private static @Nullable Executor executor(ServletContext context) {
        Object attribute = context.getAttribute(CaptchaCallbackFilter.EXECUTOR);
        if (attribute == null || attribute instanceof Executor) {
            return (Executor) attribute;
        }
        throw new CallbackSettingsException(
                "executor",
                attribute.getClass().getName(),
                "the attribute of this name in the servlet context is no executor",
                "Put a " + Executor.class.getName() + " there, or nothing");
    }

    /**
     * Publishes an endpoint, for the application and for the filter.
     *
     * @throws CallbackSettingsException if callbacks cannot arrive in this webapp; the endpoint is closed then
     * @throws IllegalStateException if another one was published before; the endpoint is closed then
     */
    static CallbackEndpoint publish(CallbackEndpoint endpoint, ServletContext context) {
        try {
            CaptchaCallbackFilter.requirePathWithin(context, endpoint.callbacks());
            if (in(context).isPresent()) {
                throw new IllegalStateException(
                        "This webapp already has its callbacks: declare one CaptchaCallbackContextListener");
            }
            context.setAttribute(ATTRIBUTE, endpoint);
            return endpoint;
        } catch (RuntimeException e) {
            endpoint.close();
            throw e;
        }
    }
}
