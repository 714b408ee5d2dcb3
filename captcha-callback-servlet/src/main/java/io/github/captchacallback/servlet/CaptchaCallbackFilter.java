package io.github.captchacallback.servlet;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.delivery.Step;
import io.github.captchacallback.http.CallbackAnswer;
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
import java.net.URI;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets only genuine callbacks through to the application, each once; requests for other paths pass untouched.
 *
 * <p>A genuine callback reaches the application with the {@link Callback} as a request attribute, see
 * {@link #callback(ServletRequest)}. Its claim is settled or released by the status that the application answers with, also
 * if it answers asynchronously, see {@link io.github.captchacallback.Claim#answered(int)}. Where the application has a {@link CallbackHandler} instead of an
 * endpoint, the filter answers itself and hands the callback over in the background.
 *
 * <p>A filter that is made without anything takes its settings from these places, a later one over an earlier one:
 *
 * <ol>
 *   <li>its init-params: the keys of the settings without {@code captcha.callback.};
 *   <li>{@code /WEB-INF/captcha-callback.properties} of the webapp, if there is one;
 *   <li>the file that the init-param {@value #CONFIG} names: a path, which may stand behind {@code file:}, or
 *       {@code classpath:} and a resource;
 *   <li>system properties;
 *   <li>environment variables, such as {@code CAPTCHA_CALLBACK_SOURCE_ALLOW} for {@code source.allow}.
 * </ol>
 *
 * <p>Its {@link CallbackHandler} is the class that the init-param {@value #HANDLER} names, or the one that the webapp's
 * class path brings for a {@link java.util.ServiceLoader}; without either, the application has an endpoint. It handles
 * callbacks on threads and a bounded queue of its own, unless the application has put an executor into the servlet context,
 * under {@value #EXECUTOR}. The filter puts the {@link CaptchaCallbacks} that issues the URLs there, see
 * {@link #callbacks(ServletContext)}. Where a {@link CaptchaCallbackContextListener} has done all of that, the filter guards with
 * what it finds, and takes no init-params.
 *
 * <p><b>Security notes.</b> Map it to {@code /*} and to the dispatchers REQUEST, FORWARD, INCLUDE, ASYNC and ERROR, before
 * every filter that reads parameters. It guards the path of its settings, whatever it is mapped to.
 */
public final class CaptchaCallbackFilter implements Filter {

    /** The init-param that names a {@link CallbackHandler} class with a public constructor without parameters. */
    public static final String HANDLER = WebappSettings.HANDLER;

    /** The init-param that names a properties file. */
    public static final String CONFIG = WebappSettings.CONFIG;

    /**
     * The servlet context's attribute in which an application puts a {@link java.util.concurrent.Executor} of its own for a
     * {@link CallbackHandler}, before any filter is made and before a {@link CaptchaCallbackContextListener} is called. It is to be
     * bounded: what it rejects is handled later if the store keeps answers, and is otherwise answered with 503. It is not shut
     * down.
     */
    public static final String EXECUTOR = "captcha.callback.executor";

    private static final String CALLBACK_ATTRIBUTE = Callback.class.getName();

    private final BiConsumer<HttpServletRequest, Step> observer;

    /** Whether the application is ready for callbacks when its container makes the filter ready. */
    private final boolean starting;

    private @Nullable CallbackEndpoint endpoint;
    private @Nullable CallbackEndpoint owned;
    private @Nullable ServletContext context;

    /** Names the attribute with the step of a request at this very endpoint, so that it is not judged, and claimed, again. */
    private String stepAttribute = "";

    /** Makes a filter that takes its settings from where the webapp has them. */
    public CaptchaCallbackFilter() {
        observer = (request, step) -> {};
        starting = true;
    }

    /**
     * Makes a filter in front of an endpoint.
     *
     * @param endpoint is started and not closed by the filter
     */
    public CaptchaCallbackFilter(CallbackEndpoint endpoint) {
        this(endpoint, (request, step) -> {}, true);
    }

    /**
     * Makes a filter in front of an endpoint, with an observer.
     *
     * @param endpoint is neither started nor closed by the filter; its first request starts it, or the caller does so when the
     *     application is ready, see {@link CallbackEndpoint#start()}
     * @param observer is called once with each request for the endpoint and the step that was decided, before that is taken; it
     *     must not throw
     */
    public CaptchaCallbackFilter(CallbackEndpoint endpoint, BiConsumer<HttpServletRequest, Step> observer) {
        this(endpoint, observer, false);
    }

    private CaptchaCallbackFilter(
            CallbackEndpoint endpoint, BiConsumer<HttpServletRequest, Step> observer, boolean starting) {
        this.observer = observer;
        this.starting = starting;
        guard(endpoint);
    }

    private void guard(CallbackEndpoint guarded) {
        endpoint = guarded;
        stepAttribute = CaptchaCallbackFilter.class.getName() + "@" + System.identityHashCode(guarded.callbacks());
    }

    /** Returns the verified callback of a request, for the endpoint and whoever stands around the filter; empty where it is none. */
    public static Optional<Callback> callback(ServletRequest request) {
        return Optional.ofNullable((Callback) request.getAttribute(CALLBACK_ATTRIBUTE));
    }

    /**
     * Returns what issues the callback URLs of a webapp, as published by its {@link CaptchaCallbackContextListener} or by a filter
     * that was made without anything.
     */
    public static Optional<CaptchaCallbacks> callbacks(ServletContext context) {
        return WebappEndpoint.in(context).map(CallbackEndpoint::callbacks);
    }

    /**
     * Takes the endpoint that the webapp's listener has published, or builds what the settings describe, unless the filter was
     * made with one.
     *
     * @throws ServletException if a setting cannot be used, the callback path lies outside this webapp, the filter is not
     *     mapped to every path, or another filter guards a path that covers this one; the message names the action
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        try {
            StartupChecks.requireMapping(config);
            CallbackEndpoint guarded = endpoint;
            if (guarded == null) {
                guarded = ofWebapp(config);
                guard(guarded);
            } else {
                requirePathWithin(config.getServletContext(), guarded.callbacks());
            }
            context = config.getServletContext();
            StartupChecks.requireDistinctPath(context, guarded);
            StartupChecks.reportUnreachedServlets(context, guarded);
            guarded.announce();
            if (starting) {
                guarded.start();
            }
        } catch (CallbackSettingsException | IllegalStateException e) {
            destroy();
            throw new ServletException(e.getMessage(), e);
        }
    }

    private CallbackEndpoint ofWebapp(FilterConfig config) {
        ServletContext context = config.getServletContext();
        SortedMap<String, String> parameters = WebappSettings.initParams(config);
        Optional<CallbackEndpoint> published = WebappEndpoint.in(context);
        if (published.isEmpty()) {
            owned = WebappEndpoint.publish(WebappEndpoint.of(parameters, context), context);
            return owned;
        }
        if (!parameters.isEmpty()) {
            throw new CallbackSettingsException(
                    parameters.firstKey(),
                    null,
                    "as an init-param it would count for nothing, since a listener or another filter has made what this"
                            + " webapp guards with",
                    "Make it a context-param, or make the filter of another endpoint in Java");
        }
        return published.get();
    }

    /**
     * Checks that callbacks can arrive in a webapp at all: a filter that waits at a path where nothing arrives guards
     * nothing.
     *
     * @throws CallbackSettingsException if the callback path lies outside the webapp's context path; it names the setting that was
     *     written
     */
    public static void requirePathWithin(ServletContext context, CaptchaCallbacks callbacks) {
        String path = callbacks.settings().path();
        if (path.startsWith(context.getContextPath() + "/")) {
            return;
        }
        String publicUrl = callbacks.settings().publicUrl();
        boolean asWritten =
                publicUrl == null || !URI.create(publicUrl).getRawPath().equals(path);
        throw new CallbackSettingsException(
                asWritten ? "path" : "public-url",
                asWritten ? path : publicUrl,
                "no request of this webapp arrives there, since its context path is " + context.getContextPath(),
                asWritten
                        ? "Write the path that the container sees, context path included"
                        : "Put the context path into it or, if a proxy removes that, write the path that the container sees into"
                                + " captcha.callback.path");
    }

    /** Reports whether a request is for an endpoint, whatever the spelling of its path. */
    public static boolean covers(CallbackEndpoint endpoint, HttpServletRequest request) {
        return endpoint.covers(ServletCallbackRequest.of(request, endpoint.callbacks()));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        CallbackEndpoint guarded = endpoint;
        if (guarded == null) {
            throw new ServletException("The filter was made without settings, and init was not called");
        }
        HttpServletRequest incoming = (HttpServletRequest) request;
        Object before = request.getAttribute(stepAttribute);
        if (before instanceof Step.PassOn) {
            chain.doFilter(request, response);
            return;
        }
        ServletCallbackRequest translated = ServletCallbackRequest.of(incoming, guarded.callbacks());
        Step step = before instanceof Step.Answer answered
                ? again(guarded, translated, answered)
                : first(guarded, translated, incoming);
        if (step instanceof Step.PassOn accepted) {
            passOn(accepted, translated, (HttpServletResponse) response, chain);
        } else if (step instanceof Step.Answer answer) {
            write(answer.answer(), (HttpServletResponse) response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private Step first(CallbackEndpoint guarded, ServletCallbackRequest translated, HttpServletRequest incoming) {
        Step step = guarded.receive(translated);
        if (!(step instanceof Step.PassBy)) {
            incoming.setAttribute(stepAttribute, step);
            observe(incoming, step);
        }
        return step;
    }

    /** Calls the observer. If it fails after all, the callback must not stay claimed. */
    private void observe(HttpServletRequest incoming, Step step) {
        try {
            observer.accept(incoming, step);
        } catch (Throwable e) {
            if (step instanceof Step.PassOn accepted) {
                accepted.claim().failed(e);
            }
            throw e;
        }
    }

    /** An answered request may be dispatched elsewhere, but no dispatch takes it to the endpoint: its body was read. */
    private static Step again(CallbackEndpoint guarded, ServletCallbackRequest translated, Step.Answer before) {
        return guarded.covers(translated) ? before : new Step.PassBy();
    }

    private static void passOn(
            Step.PassOn accepted, ServletCallbackRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ClaimEnding ending = new ClaimEnding(accepted.claim(), response);
        FilterChain application = (verified, answer) -> {
            CallbackAnswer.PROTECTIVE_HEADERS.forEach(response::setHeader);
            verified.setAttribute(CALLBACK_ATTRIBUTE, accepted.callback());
            chain.doFilter(verified, answer);
        };
        ending.around(application, request.replayable(accepted.parameters(), ending));
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

    /** Closes what the filter has built itself. */
    @Override
    public void destroy() {
        if (context != null && endpoint != null) {
            StartupChecks.forget(context, endpoint);
        }
        if (owned != null) {
            owned.close();
        }
    }
}
