package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Refuses what Spring MVC maps to the callback path although it is no verified callback: a framework may take more spellings for
 * the path than any filter expects. At startup it compares what is mapped with what is guarded.
 */
final class CallbackMappingGuard implements HandlerInterceptor, SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final ApplicationContext context;
    private final ThrottledWarning warning = new ThrottledWarning(LOG, InstantSource.system());
    private volatile List<CallbackEndpoint> endpoints = List.of();

    CallbackMappingGuard(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<CallbackEndpoint> known =
                new ArrayList<>(GuardedEndpoints.of(context).all());
        for (CallbackEndpoint inChain : GuardedEndpoints.inFilterChains(context)) {
            if (GuardedEndpoints.in(known, inChain.callbacks()).isEmpty()) {
                known.add(inChain);
            }
        }
        endpoints = List.copyOf(known);
        new CallbackMappings(context, endpoints).check();
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        HandlerReached.mark(request);
        if (CaptchaCallbackFilter.callback(request).isPresent()) {
            return true;
        }
        Optional<CallbackEndpoint> endpoint = mapped(request);
        if (endpoint.isEmpty()) {
            return true;
        }
        warning.warn("Spring MVC has mapped a request to " + endpoint.get().path()
                + " that the guard did not take for one, and"
                + " it was refused. Report the spelling of its path from your access log.");
        write(endpoint.get().callbacks().answer(Refusal.MALFORMED), response);
        return false;
    }

    /** Finds the endpoint of the pattern that Spring MVC has found, which is written as the developer wrote it. */
    private Optional<CallbackEndpoint> mapped(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern == null) {
            return Optional.empty();
        }
        String prefix =
                request.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH ? request.getServletPath() : "";
        String mapped = request.getContextPath() + prefix + pattern;
        return endpoints.stream()
                .filter(endpoint -> isOf(mapped.toLowerCase(Locale.ROOT), endpoint))
                .findFirst();
    }

    private static boolean isOf(String mapped, CallbackEndpoint endpoint) {
        String path = endpoint.path().toLowerCase(Locale.ROOT);
        return mapped.equals(path) || mapped.startsWith(path + "/");
    }

    private static void write(CallbackAnswer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getWriter().print(answer.body());
    }
}
