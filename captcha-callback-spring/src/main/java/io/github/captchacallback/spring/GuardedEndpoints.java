package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Represents the endpoints that an application's beans describe: every {@link CallbackEndpoint}, and one for every
 * {@link CaptchaCallbacks} that belongs to none of these. In a Boot application it is a bean, and a servlet filter guards each of
 * them before every other filter.
 */
public final class GuardedEndpoints {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.web.SecurityFilterChain", GuardedEndpoints.class.getClassLoader());

    private final List<CallbackEndpoint> endpoints;

    private GuardedEndpoints(List<CallbackEndpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * Collects the endpoints of a bean factory and its parents.
     *
     * @throws CallbackWiringException if the paths of two endpoints are nested, or differ only in case
     */
    public static GuardedEndpoints of(ListableBeanFactory beans) {
        List<CallbackEndpoint> endpoints =
                new ArrayList<>(BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, CallbackEndpoint.class)
                        .values());
        BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, CaptchaCallbacks.class)
                .values()
                .forEach(callbacks -> {
                    if (in(endpoints, callbacks).isEmpty()) {
                        endpoints.add(CallbackEndpoint.of(callbacks));
                    }
                });
        requireSeparatePaths(endpoints);
        return new GuardedEndpoints(endpoints);
    }

    /** Returns the endpoints that the filter chains of Spring Security guard, whether they are beans or not. */
    public static List<CallbackEndpoint> inFilterChains(ApplicationContext context) {
        return SECURITY ? SecurityChains.endpoints(context) : List.of();
    }

    /** Returns all endpoints. */
    public List<CallbackEndpoint> all() {
        return endpoints;
    }

    /** Returns the endpoint of these callbacks. */
    Optional<CallbackEndpoint> of(CaptchaCallbacks callbacks) {
        return in(endpoints, callbacks);
    }

    static Optional<CallbackEndpoint> in(List<CallbackEndpoint> endpoints, CaptchaCallbacks callbacks) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.callbacks() == callbacks)
                .findFirst();
    }

    /** The guard of one path would refuse what the guard of the other has let through. */
    static void requireSeparatePaths(List<CallbackEndpoint> endpoints) {
        requireSeparatePaths(
                endpoints, "Give each its own path in captcha.callback.public-url or captcha.callback.path");
    }

    static void requireSeparatePaths(List<CallbackEndpoint> endpoints, String action) {
        for (int i = 0; i < endpoints.size(); i++) {
            for (CallbackEndpoint other : endpoints.subList(i + 1, endpoints.size())) {
                String path = endpoints.get(i).path();
                if (endpoints.get(i).callbacks().overlaps(other.callbacks())) {
                    throw new CallbackWiringException(
                            path.equals(other.path())
                                    ? "Two endpoints are guarded at " + path
                                    : "The endpoints at " + path + " and " + other.path()
                                            + " cover each other: their paths are nested, or differ only in case",
                            action);
                }
            }
        }
    }

    /** Returns the paths. */
    @Override
    public String toString() {
        return "GuardedEndpoints"
                + endpoints.stream().map(CallbackEndpoint::path).toList();
    }
}
