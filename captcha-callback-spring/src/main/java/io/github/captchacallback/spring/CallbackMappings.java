package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.http.server.PathContainer;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** Compares at startup what Spring MVC has mapped with the endpoints that are guarded. */
final class CallbackMappings {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final String MVC_PATH = "spring.mvc.servlet.path";

    private final ApplicationContext context;
    private final List<CallbackEndpoint> endpoints;
    private final @Nullable ServletContext servletContext;
    private final List<String> prefixes;
    private final List<Mapped> methods;

    /** One method of a controller, with the paths that a client writes to reach it. */
    private record Mapped(HandlerMethod method, List<String> paths) {

        boolean wantsCallback() {
            return Arrays.stream(method.getMethodParameters()).anyMatch(CallbackArgumentResolver::requires);
        }

        boolean reachedAt(String path) {
            return paths.stream().anyMatch(pattern -> matches(pattern, path));
        }

        /** Whether the path is what the developer wrote, and not one of many that a pattern takes. */
        boolean isAt(String path) {
            return paths.stream().anyMatch(path::equalsIgnoreCase);
        }

        @Override
        public String toString() {
            return method.getBeanType().getSimpleName() + "."
                    + method.getMethod().getName();
        }
    }

    CallbackMappings(ApplicationContext context, List<CallbackEndpoint> endpoints) {
        this.context = context;
        this.endpoints = endpoints;
        this.servletContext = context instanceof WebApplicationContext web ? web.getServletContext() : null;
        this.prefixes = prefixes();
        this.methods =
                BeanFactoryUtils.beansOfTypeIncludingAncestors(context, RequestMappingInfoHandlerMapping.class)
                        .values()
                        .stream()
                        .flatMap(mapping -> mapping.getHandlerMethods().entrySet().stream())
                        .map(entry -> new Mapped(entry.getValue(), paths(entry.getKey())))
                        .toList();
    }

    void check() {
        if (prefixes.isEmpty()) {
            return;
        }
        methods.stream().filter(Mapped::wantsCallback).forEach(this::requireGuarded);
        for (CallbackEndpoint endpoint : endpoints) {
            if (endpoint.hasHandler()) {
                requireNoMethodAt(endpoint);
            } else {
                warnIfNothingIsAt(endpoint);
            }
        }
    }

    private void requireGuarded(Mapped method) {
        if (endpoints.stream().map(CallbackMappings::sample).anyMatch(method::reachedAt)) {
            return;
        }
        if (!endpoints.isEmpty()) {
            throw new CallbackWiringException(
                    "The method " + method + " takes a verified Callback and is mapped to " + method.paths() + ", but "
                            + endpoints.stream().map(CallbackEndpoint::path).toList()
                            + " is guarded: no callback would reach it",
                    "Map the method to the guarded path, or change captcha.callback.public-url or captcha.callback.path");
        }
        if (servletContext != null && isRunning(servletContext) && !hasOwnFilter(servletContext)) {
            throw new CallbackWiringException(
                    "The method " + method
                            + " takes a verified Callback, and nothing verifies callbacks: no property of"
                            + " captcha.callback.* is set in the active profiles "
                            + Arrays.toString(context.getEnvironment().getActiveProfiles())
                            + ", and there is no CaptchaCallbacks bean",
                    "Set captcha.callback.public-url and captcha.callback.signature.keys.<key-id>, or activate the profile"
                            + " that sets them, or define the bean");
        }
    }

    private void requireNoMethodAt(CallbackEndpoint endpoint) {
        methods.stream()
                .filter(method ->
                        method.isAt(endpoint.path()) || (method.wantsCallback() && method.reachedAt(sample(endpoint))))
                .findFirst()
                .ifPresent(method -> {
                    throw new CallbackWiringException(
                            "A CallbackHandler or a method with @CaptchaCallbackListener takes the callbacks of "
                                    + endpoint.path() + ", and the method " + method
                                    + " is mapped to the same path and would never be called",
                            "Remove one of them");
                });
    }

    private void warnIfNothingIsAt(CallbackEndpoint endpoint) {
        String path = sample(endpoint);
        boolean mapped = methods.stream().anyMatch(method -> method.reachedAt(path))
                || context.getBeanNamesForType(RouterFunction.class).length > 0
                || isMappedByUrl(path)
                || isMappedToOtherServlet(path);
        if (!mapped) {
            LOG.warn(
                    "No controller is mapped to {}: callbacks that arrive there are answered with 404, and their answers are"
                            + " lost. Map a method to this path, or define a CallbackHandler",
                    endpoint.path());
        }
    }

    private boolean isMappedByUrl(String path) {
        return BeanFactoryUtils.beansOfTypeIncludingAncestors(context, AbstractUrlHandlerMapping.class)
                .values()
                .stream()
                .flatMap(mapping -> mapping.getHandlerMap().keySet().stream())
                .flatMap(this::withPrefixes)
                .anyMatch(path::equalsIgnoreCase);
    }

    private boolean isMappedToOtherServlet(String path) {
        return servletContext != null
                && servletContext.getServletRegistrations().values().stream()
                        .filter(registration -> !isDispatcher(registration))
                        .flatMap(registration -> mappings(registration).stream())
                        .filter(mapping -> mapping.length() > 1 && mapping.startsWith("/"))
                        .map(mapping -> contextPath() + mapping.replaceFirst("/\\*$", "/**"))
                        .anyMatch(mapping -> matches(mapping, path));
    }

    /** A path at which a callback arrives. */
    private static String sample(CallbackEndpoint endpoint) {
        return endpoint.callbacks().settings().signature().inPath() ? endpoint.path() + "/v1" : endpoint.path();
    }

    private static boolean matches(String pattern, String path) {
        PathPatternParser parser = new PathPatternParser();
        parser.setCaseSensitive(false);
        try {
            PathPattern parsed = parser.parse(pattern);
            return parsed.matches(PathContainer.parsePath(path));
        } catch (PatternParseException e) {
            // A pattern of AntPathMatcher's, which takes more.
            return false;
        }
    }

    private List<String> paths(RequestMappingInfo info) {
        return info.getPatternValues().stream().flatMap(this::withPrefixes).toList();
    }

    private Stream<String> withPrefixes(String pattern) {
        return prefixes.stream().map(prefix -> prefix + (pattern.startsWith("/") ? "" : "/") + pattern);
    }

    /** Returns what comes before the patterns of Spring MVC: the context path and the path of each dispatcher servlet. */
    private List<String> prefixes() {
        if (servletContext == null || !isRunning(servletContext)) {
            String path = context.getEnvironment().getProperty(MVC_PATH, "");
            return List.of(contextPath() + (path.equals("/") ? "" : path));
        }
        return servletContext.getServletRegistrations().values().stream()
                .filter(CallbackMappings::isDispatcher)
                .flatMap(registration -> mappings(registration).stream())
                .filter(mapping -> mapping.equals("/") || mapping.endsWith("/*"))
                .map(mapping -> contextPath() + mapping.replaceFirst("/\\*?$", ""))
                .distinct()
                .toList();
    }

    private String contextPath() {
        return servletContext == null ? "" : String.valueOf(servletContext.getContextPath());
    }

    /** The servlet context of a test without a container has no servlets. */
    private static boolean isRunning(ServletContext servletContext) {
        return !servletContext.getServletRegistrations().isEmpty();
    }

    private static boolean hasOwnFilter(ServletContext servletContext) {
        return servletContext.getFilterRegistrations().values().stream()
                .anyMatch(registration -> CaptchaCallbackFilter.class.getName().equals(registration.getClassName()));
    }

    private static boolean isDispatcher(ServletRegistration registration) {
        return DispatcherServlet.class.getName().equals(registration.getClassName());
    }

    private static Collection<String> mappings(ServletRegistration registration) {
        Collection<String> mappings = registration.getMappings();
        return mappings == null ? List.of() : mappings;
    }
}
