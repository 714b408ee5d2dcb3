package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link CaptchaCallbacks} of a webapp before its filters and servlets are made, puts them into the servlet
 * context, see {@link CaptchaCallbackFilter#callbacks(ServletContext)}, and closes them after the last request. A
 * {@link CaptchaCallbackFilter} without settings of its own guards with these.
 *
 * <p>In {@code web.xml} it takes its settings from the places that {@link CaptchaCallbackFilter} names, and from
 * context-params in place of init-params: there each name stands behind {@code captcha.callback.}, {@code config} and
 * {@code handler} included.
 *
 * <p>In Java it is handed what the application has built, for example with a store of its own, and closes that.
 */
public final class CaptchaCallbacksListener implements ServletContextListener {

    private final @Nullable CallbackEndpoint built;
    private @Nullable CallbackEndpoint published;

    /** Makes a listener that takes its settings from where the webapp has them. */
    public CaptchaCallbacksListener() {
        built = null;
    }

    /**
     * Makes a listener for what the application has built.
     *
     * @param endpoint is closed by the listener
     */
    public CaptchaCallbacksListener(CallbackEndpoint endpoint) {
        built = endpoint;
    }

    /**
     * Publishes the callbacks.
     *
     * @throws CallbackSettingsException where a setting cannot be used, or the callback path lies outside this webapp; the
     *     message names the setting and the mend
     * @throws IllegalStateException where this webapp has its callbacks already
     */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        published = WebappEndpoint.publish(
                built == null ? WebappEndpoint.of(WebappSettings.contextParams(context), context) : built, context);
    }

    /** Waits for the callbacks that are handled in the background, and closes. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (published != null) {
            published.close();
        }
    }
}
