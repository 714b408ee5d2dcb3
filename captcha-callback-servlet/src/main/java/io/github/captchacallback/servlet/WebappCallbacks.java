package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Holds what one webapp issues and judges its callbacks with, and puts it where the webapp finds it.
 *
 * @param delivery null where the application has an endpoint of its own
 */
record WebappCallbacks(CaptchaCallbacks callbacks, @Nullable BackgroundDelivery delivery) implements AutoCloseable {

    private static final String CALLBACKS = CaptchaCallbacks.class.getName();
    private static final String DELIVERY = BackgroundDelivery.class.getName();

    /** Returns what was published in a webapp. */
    static Optional<WebappCallbacks> in(ServletContext context) {
        CaptchaCallbacks callbacks = (CaptchaCallbacks) context.getAttribute(CALLBACKS);
        return callbacks == null
                ? Optional.empty()
                : Optional.of(new WebappCallbacks(callbacks, (BackgroundDelivery) context.getAttribute(DELIVERY)));
    }

    /**
     * Builds what the settings describe.
     *
     * @throws CallbackSettingsException where something cannot be used; nothing is left open then
     */
    static WebappCallbacks of(Map<String, String> parameters, ServletContext context) {
        WebappSettings settings = WebappSettings.of(parameters, context);
        CallbackHandler handler = HandlerLookup.find(settings.handler(), WebappSettings.classLoader(context));
        Executor executor = executor(context);
        CaptchaCallbacks callbacks =
                CaptchaCallbacks.builder().settings(settings.values()).build();
        return new WebappCallbacks(callbacks, handler == null ? null : delivery(callbacks, handler, executor));
    }

    private static BackgroundDelivery delivery(
            CaptchaCallbacks callbacks, CallbackHandler handler, @Nullable Executor executor) {
        return executor == null
                ? new BackgroundDelivery(callbacks, handler)
                : new BackgroundDelivery(callbacks, handler, executor);
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
     * Puts this into the servlet context, for the application and for the filter.
     *
     * @throws CallbackSettingsException where callbacks cannot arrive in this webapp; this is closed then
     * @throws IllegalStateException where another is there; this is closed then
     */
    WebappCallbacks publishIn(ServletContext context) {
        try {
            CaptchaCallbackFilter.requirePathWithin(context, callbacks);
            if (in(context).isPresent()) {
                throw new IllegalStateException(
                        "This webapp has its CaptchaCallbacks already: declare one CaptchaCallbacksListener");
            }
            context.setAttribute(CALLBACKS, callbacks);
            context.setAttribute(DELIVERY, delivery);
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Waits for what was taken on, then closes the store that it needs. */
    @Override
    public void close() {
        try (callbacks) {
            if (delivery != null) {
                delivery.close();
            }
        }
    }
}
