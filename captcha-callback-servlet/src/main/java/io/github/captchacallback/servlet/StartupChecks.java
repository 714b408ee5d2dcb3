package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks while a webapp starts that no request can bypass the filter. */
final class StartupChecks {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final String EVERY_PATH = "/*";
    private static final String ENDPOINTS = StartupChecks.class.getName() + ".endpoints";

    private StartupChecks() {}

    /**
     * Requires that a filter is mapped to every path. Another mapping misses requests that a framework takes for the
     * endpoint's, such as one in another case.
     *
     * @throws IllegalStateException if it is not
     */
    static void requireMapping(FilterConfig config) {
        FilterRegistration registration = config.getServletContext().getFilterRegistration(config.getFilterName());
        // A mock of the servlet API has no registrations.
        if (registration != null && !registration.getUrlPatternMappings().contains(EVERY_PATH)) {
            // Undertow names a pattern once for each dispatcher.
            Set<String> mappings = new TreeSet<>(registration.getUrlPatternMappings());
            throw new IllegalStateException("The filter " + config.getFilterName() + " is mapped to " + mappings
                    + ", so requests can reach the callback endpoint without it."
                    + " Map it to " + EVERY_PATH + " and to the dispatchers REQUEST, FORWARD, INCLUDE, ASYNC and ERROR."
                    + " It lets requests for other paths pass.");
        }
    }

    /**
     * Requires that a webapp with callbacks has a filter that is mapped to every path.
     *
     * @throws IllegalStateException if it has none
     * @throws UnsupportedOperationException if the container does not tell at this time
     */
    static void requireFilter(ServletContext context) {
        boolean guarded = context.getFilterRegistrations().values().stream()
                .filter(registration -> CaptchaCallbackFilter.class.getName().equals(registration.getClassName()))
                .anyMatch(registration -> registration.getUrlPatternMappings().contains(EVERY_PATH));
        if (!guarded) {
            throw new IllegalStateException(
                    "A CaptchaCallbackContextListener issues callback URLs in this webapp, but no "
                            + CaptchaCallbackFilter.class.getName() + " is mapped to " + EVERY_PATH
                            + ", so forged callbacks would reach the endpoint. Declare the filter in web.xml, or add it in a"
                            + " ServletContainerInitializer, and map it to " + EVERY_PATH
                            + " and to the dispatchers REQUEST, FORWARD, INCLUDE, ASYNC and ERROR.");
        }
    }

    /**
     * Requires that no two endpoints of a webapp could be meant by the same request, and remembers this one.
     *
     * @throws IllegalStateException if another endpoint's path and this one's cover each other
     */
    static void requireDistinctPath(ServletContext context, CallbackEndpoint endpoint) {
        List<CallbackEndpoint> endpoints = endpoints(context);
        for (CallbackEndpoint other : endpoints) {
            boolean same = other.callbacks() == endpoint.callbacks();
            if (!same && other.callbacks().overlaps(endpoint.callbacks())) {
                throw new IllegalStateException("The callback paths " + other.path() + " and " + endpoint.path()
                        + " cover each other, because a guarded path includes all paths below it, in any case. Give one of"
                        + " them another captcha.callback.public-url or captcha.callback.path.");
            }
        }
        endpoints.add(endpoint);
    }

    /** Warns of servlets at the callback path that are never called with a callback, because a handler takes them. */
    static void reportUnreachedServlets(ServletContext context, CallbackEndpoint endpoint) {
        List<String> servlets = unreachedServlets(context, endpoint);
        if (!servlets.isEmpty()) {
            LOG.warn(
                    "No callback reaches {}, because a CallbackHandler takes those at {}. Remove one of the two",
                    servlets,
                    endpoint.path());
        }
    }

    static List<String> unreachedServlets(ServletContext context, CallbackEndpoint endpoint) {
        if (!endpoint.hasHandler()) {
            return List.of();
        }
        String path = endpoint.path().substring(context.getContextPath().length());
        return context.getServletRegistrations().values().stream()
                .filter(servlet -> servlet.getMappings().contains(path)
                        || servlet.getMappings().contains(path + EVERY_PATH))
                .map(ServletRegistration::getName)
                .sorted()
                .toList();
    }

    /** Forgets an endpoint that is not guarded any more. */
    static void forget(ServletContext context, CallbackEndpoint endpoint) {
        endpoints(context).remove(endpoint);
    }

    @SuppressWarnings("unchecked")
    private static List<CallbackEndpoint> endpoints(ServletContext context) {
        Object endpoints = context.getAttribute(ENDPOINTS);
        if (endpoints == null) {
            endpoints = new CopyOnWriteArrayList<CallbackEndpoint>();
            context.setAttribute(ENDPOINTS, endpoints);
        }
        return (List<CallbackEndpoint>) endpoints;
    }
}
