package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
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
 * <p>It does not start a webapp without a {@link CaptchaCallbackFilter} that is mapped to {@code /*}. Containers do not show
 * the filters to a listener that a program has added with {@link ServletContext#addListener(Class)}. In that case the first
 * request is checked, and every request fails if there is no such filter.
 *
 * <p>In Java it is handed what the application has built, for example with a store of its own, and closes that.
 */
public final class CaptchaCallbackContextListener implements ServletContextListener, ServletRequestListener {

    private final @Nullable CallbackEndpoint built;
    private @Nullable CallbackEndpoint published;
    private volatile boolean guarded;

    /** Makes a listener that takes its settings from where the webapp has them. */
    public CaptchaCallbackContextListener() {
        built = null;
    }

    /**
     * Makes a listener for what the application has built.
     *
     * @param endpoint is closed by the listener
     */
    public CaptchaCallbackContextListener(CallbackEndpoint endpoint) {
        built = endpoint;
    }

    /**
     * Publishes the callbacks.
     *
     * @throws CallbackSettingsException if a setting cannot be used, or the callback path lies outside this webapp; the
     *     message names the setting and the action
     * @throws IllegalStateException if this webapp already has its callbacks, or has no {@link CaptchaCallbackFilter} that is
     *     mapped to every path
     */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        CallbackEndpoint endpoint = WebappEndpoint.publish(
                built == null ? WebappEndpoint.of(WebappSettings.contextParams(context), context) : built, context);
        try {
            requireFilter(context);
        } catch (IllegalStateException e) {
            endpoint.close();
            throw e;
        }
        published = endpoint;
    }

    private void requireFilter(ServletContext context) {
        try {
            StartupChecks.requireFilter(context);
            guarded = true;
        } catch (UnsupportedOperationException e) {
            // Containers do not tell a listener that a program has added. The first request asks again.
            guarded = false;
        }
    }

    /**
     * Checks at the first request what the container did not tell at startup.
     *
     * @throws IllegalStateException if this webapp has no {@link CaptchaCallbackFilter} that is mapped to every path; then
     *     every request fails
     */
    @Override
    public void requestInitialized(ServletRequestEvent event) {
        if (!guarded) {
            requireFilter(event.getServletContext());
        }
    }

    /** Waits for the callbacks that are handled in the background, and closes. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (published != null) {
            published.close();
        }
    }
}
