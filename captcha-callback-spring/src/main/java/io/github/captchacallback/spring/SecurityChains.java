package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.BeanIds;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.debug.DebugFilter;

/** Reads which of an application's filter chains guards what. */
final class SecurityChains {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private SecurityChains() {}

    /** Returns the endpoints that the chains among the beans guard. */
    static List<CallbackEndpoint> endpoints(ApplicationContext context) {
        return BeanFactoryUtils.beansOfTypeIncludingAncestors(context, SecurityFilterChain.class).values().stream()
                .flatMap(SecurityChains::endpoints)
                .toList();
    }

    private static Stream<CallbackEndpoint> endpoints(SecurityFilterChain chain) {
        return chain.getFilters().stream()
                .filter(CaptchaCallbackAuthenticationFilter.class::isInstance)
                .map(filter -> ((CaptchaCallbackAuthenticationFilter) filter).endpoint());
    }

    /**
     * Finds which chain takes the requests for an endpoint, if it is not one with the endpoint's guard. If a chain cannot decide on a
     * made-up request, a warning says so, and the application starts.
     */
    static Optional<String> withoutGuard(ApplicationContext context, String contextPath, CallbackEndpoint endpoint) {
        if (!context.containsBean(BeanIds.SPRING_SECURITY_FILTER_CHAIN)) {
            return Optional.empty();
        }
        Filter filter = context.getBean(BeanIds.SPRING_SECURITY_FILTER_CHAIN, Filter.class);
        if (filter instanceof DebugFilter debug) {
            filter = debug.getFilterChainProxy();
        }
        if (!(filter instanceof FilterChainProxy proxy)) {
            return Optional.empty();
        }
        String token = endpoint.callbacks().settings().signature().inPath() ? "/v1" : "";
        String path = endpoint.path().substring(contextPath.length()) + token;
        return endpoint.callbacks().settings().methods().stream()
                .map(method -> new MadeUpRequest(new FilterInvocation(contextPath, path, method).getHttpRequest()))
                .flatMap(request -> withoutGuard(proxy, request, endpoint.callbacks()).stream())
                .findFirst();
    }

    private static Optional<String> withoutGuard(
            FilterChainProxy proxy, HttpServletRequest request, CaptchaCallbacks callbacks) {
        try {
            Optional<SecurityFilterChain> taking = proxy.getFilterChains().stream()
                    .filter(chain -> chain.matches(request))
                    .findFirst();
            if (taking.isEmpty()) {
                return Optional.of("no filter chain");
            }
            return endpoints(taking.get()).anyMatch(endpoint -> endpoint.callbacks() == callbacks)
                    ? Optional.empty()
                    : Optional.of("the filter chain " + taking.get());
        } catch (RuntimeException e) {
            // The matcher of an application may ask for what a made-up request does not have.
            LOG.warn(
                    "Whether a filter chain guards {} {} could not be checked, since a chain's matcher failed on a made-up"
                            + " request. Make sure that the chain which takes this path has captchaCallback()",
                    request.getMethod(),
                    callbacks.settings().path(),
                    e);
            return Optional.empty();
        }
    }

    /** Gives a request that nobody has sent what matchers of paths ask for. */
    private static final class MadeUpRequest extends HttpServletRequestWrapper {

        private final Map<String, Object> attributes = new HashMap<>();

        MadeUpRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return attributes.get(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            attributes.put(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            attributes.remove(name);
        }

        @Override
        public DispatcherType getDispatcherType() {
            return DispatcherType.REQUEST;
        }
    }
}
