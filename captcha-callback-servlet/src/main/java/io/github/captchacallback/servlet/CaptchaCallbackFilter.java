package io.github.captchacallback.servlet;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackAnswer;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets only genuine callbacks through to the application, each once; requests for other paths pass untouched.
 *
 * <p>A genuine callback reaches the application with the {@link Callback} as a request attribute, see
 * {@link #callback(ServletRequest)}. Its claim is settled when the application has answered below 500 and released when it
 * has failed, also where it answers asynchronously. Where the application has a {@link CallbackHandler} instead of an
 * endpoint, the filter answers itself and hands the callback over in the background.
 *
 * <p>In {@code web.xml} the filter takes its settings from init-params: the keys of the settings without
 * {@code captcha.callback.}, and {@value #HANDLER}, the name of a {@link CallbackHandler} class. It then puts the
 * {@link CaptchaCallbacks} that issues the URLs into the servlet context, see {@link #callbacks(ServletContext)}.
 *
 * <p><b>Security notes.</b> Map it to {@code /*} and to the dispatchers REQUEST, FORWARD, INCLUDE, ASYNC and ERROR, before
 * every filter that reads parameters. It guards the path of its settings, whatever it is mapped to.
 */
public final class CaptchaCallbackFilter implements Filter {

    /** The init-param that names a {@link CallbackHandler} class with a public constructor without parameters. */
    public static final String HANDLER = "handler";

    private static final String CALLBACK_ATTRIBUTE = Callback.class.getName();
    private static final String CALLBACKS_ATTRIBUTE = CaptchaCallbacks.class.getName();

    /** Marks a request that this very filter has judged, so that no dispatch of it is judged, and claimed, again. */
    private final String judgedAttribute = CaptchaCallbackFilter.class.getName() + "@" + System.identityHashCode(this);

    private @Nullable CaptchaCallbacks callbacks;
    private @Nullable BackgroundDelivery delivery;
    private @Nullable FilterParts owned;

    /** Makes a filter that takes its settings from init-params. */
    public CaptchaCallbackFilter() {}

    /**
     * Makes a filter in front of an endpoint of the application's own.
     *
     * @param callbacks is not closed by the filter
     */
    public CaptchaCallbackFilter(CaptchaCallbacks callbacks) {
        this.callbacks = callbacks;
    }

    /**
     * Makes a filter that hands callbacks to a handler.
     *
     * @param callbacks is not closed by the filter
     * @param delivery is not closed by the filter
     */
    public CaptchaCallbackFilter(CaptchaCallbacks callbacks, BackgroundDelivery delivery) {
        this.callbacks = callbacks;
        this.delivery = delivery;
    }

    /** Returns the verified callback of a request; empty where the request is none. */
    public static Optional<Callback> callback(ServletRequest request) {
        return Optional.ofNullable((Callback) request.getAttribute(CALLBACK_ATTRIBUTE));
    }

    /** Returns what issues the callback URLs of a webapp whose filter has its settings from {@code web.xml}. */
    public static Optional<CaptchaCallbacks> callbacks(ServletContext context) {
        return Optional.ofNullable((CaptchaCallbacks) context.getAttribute(CALLBACKS_ATTRIBUTE));
    }

    /**
     * Builds what the init-params describe, unless the filter was made with it.
     *
     * @throws ServletException where a setting cannot be used, or the callback path lies outside this webapp; the message
     *     names the setting and the mend
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        ServletContext context = config.getServletContext();
        if (callbacks == null) {
            FilterParts parts = FilterParts.of(config);
            callbacks = parts.callbacks();
            delivery = parts.delivery();
            owned = parts;
            context.setAttribute(CALLBACKS_ATTRIBUTE, callbacks);
        }
        try {
            requirePathWithin(context, callbacks);
        } catch (CallbackSettingsException e) {
            throw new ServletException(e.getMessage());
        }
    }

    /**
     * Checks that callbacks can arrive in a webapp at all: a filter that waits at a path where nothing arrives guards
     * nothing.
     *
     * @throws CallbackSettingsException where the callback path lies outside the webapp's context path
     */
    public static void requirePathWithin(ServletContext context, CaptchaCallbacks callbacks) {
        String path = callbacks.settings().path();
        if (!path.startsWith(context.getContextPath() + "/")) {
            throw new CallbackSettingsException(
                    "path",
                    path,
                    "no request of this webapp arrives there, since its context path is " + context.getContextPath(),
                    "Write the path that the container sees, context path included");
        }
    }

    /** Says whether a request is for the callback endpoint, in whatever spelling of its path. */
    public static boolean covers(CaptchaCallbacks callbacks, HttpServletRequest request) {
        return callbacks.covers(new ServletCallbackRequest(request));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (callbacks == null) {
            throw new ServletException("The filter was made without settings, and init was not called");
        }
        ServletCallbackRequest translated = new ServletCallbackRequest((HttpServletRequest) request);
        boolean judged = request.getAttribute(judgedAttribute) != null;
        if (judged || !callbacks.covers(translated)) {
            chain.doFilter(request, response);
            return;
        }
        request.setAttribute(judgedAttribute, true);
        HttpServletResponse answer = (HttpServletResponse) response;
        Verdict verdict = callbacks.verify(translated);
        if (verdict instanceof Verdict.Accepted accepted) {
            accept(accepted, translated, answer, chain);
        } else if (verdict instanceof Verdict.Repeated repeated) {
            write(repeated.answer(), answer);
        } else if (verdict instanceof Verdict.Refused refused) {
            write(refused.answer(), answer);
        }
    }

    private void accept(
            Verdict.Accepted accepted, ServletCallbackRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (delivery != null) {
            write(delivery.deliver(accepted), response);
            return;
        }
        CallbackAnswer.PROTECTIVE_HEADERS.forEach(response::setHeader);
        ClaimEnding ending = new ClaimEnding(accepted.claim(), response);
        HttpServletRequest verified = request.replayable(ending);
        verified.setAttribute(CALLBACK_ATTRIBUTE, accepted.callback());
        ending.around(chain, verified);
    }

    private static void write(CallbackAnswer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentLength(answer.body().length());
        try {
            response.getOutputStream().print(answer.body());
        } catch (IllegalStateException e) {
            // Whoever forwards or includes has asked for the writer before.
            response.getWriter().print(answer.body());
        }
    }

    /** Closes what the filter has built of its init-params. */
    @Override
    public void destroy() {
        if (owned != null) {
            owned.close();
        }
    }
}
