package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;

/** Completes, when all beans are made, what one filter chain cannot do: it looks at the other chains, and at Spring MVC. */
final class DslStartup implements ApplicationListener<ContextRefreshedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final boolean MVC = ClassUtils.isPresent(
            "org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter",
            DslStartup.class.getClassLoader());

    private final ApplicationContext context;
    private final List<CallbackEndpoint> endpoints;

    DslStartup(ApplicationContext context, List<CallbackEndpoint> endpoints) {
        this.context = context;
        this.endpoints = endpoints;
    }

    /** Is also called for child contexts, where the controllers may be. */
    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (MVC) {
            CallbackArgumentResolver.putFirstIn(event.getApplicationContext());
        }
        if (event.getApplicationContext() == context) {
            requireSeparateGuards();
            endpoints.forEach(this::requireReached);
            endpoints.forEach(CallbackEndpoint::announce);
            endpoints.forEach(CallbackEndpoint::start);
        }
    }

    /** A second guard with callbacks of its own would refuse as a replay, or as forged, what the first has accepted. */
    private void requireSeparateGuards() {
        List<CallbackEndpoint> guarded = new ArrayList<>();
        GuardedEndpoints inFront =
                context.getBeanProvider(GuardedEndpoints.class).getIfAvailable();
        if (inFront != null) {
            guarded.addAll(inFront.all());
        }
        for (CallbackEndpoint inChain : SecurityChains.endpoints(context)) {
            if (GuardedEndpoints.in(guarded, inChain.callbacks()).isEmpty()) {
                guarded.add(inChain);
            }
        }
        GuardedEndpoints.requireSeparatePaths(
                guarded,
                "Give each its own path, or give captchaCallback() the CaptchaCallbacks that guards the path"
                        + " already: the servlet filter and the filter chains must use the same one");
    }

    private void requireReached(CallbackEndpoint endpoint) {
        ServletContext servletContext = context instanceof WebApplicationContext web ? web.getServletContext() : null;
        String contextPath = servletContext == null ? "" : String.valueOf(servletContext.getContextPath());
        SecurityChains.withoutGuard(context, contextPath, endpoint).ifPresent(chain -> {
            if (isGuardedInFront(endpoint)) {
                LOG.warn(
                        "Callbacks at {} are verified, but {} takes them, and captchaCallback() is not configured there. They"
                                + " are not authenticated, and CSRF protection refuses those by POST. Add"
                                + " http.with(captchaCallback(), withDefaults()) to that chain, or keep it from this path",
                        endpoint.path(),
                        chain);
                return;
            }
            throw new CallbackWiringException(
                    "Nothing guards " + endpoint.path() + ": captchaCallback() is configured, but " + chain
                            + " takes the requests for this path",
                    "Add captchaCallback() to the chain that takes the path, order the chains or change their"
                            + " securityMatcher, and remove the path from web.ignoring()");
        });
    }

    private boolean isGuardedInFront(CallbackEndpoint endpoint) {
        GuardedEndpoints inFront =
                context.getBeanProvider(GuardedEndpoints.class).getIfAvailable();
        return inFront != null && inFront.of(endpoint.callbacks()).isPresent();
    }
}
