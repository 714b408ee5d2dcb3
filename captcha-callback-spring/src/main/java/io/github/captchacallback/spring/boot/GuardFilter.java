package io.github.captchacallback.spring.boot;

import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletException;
import java.util.List;
import org.springframework.web.filter.CompositeFilter;

/** Guards every endpoint of an application, one after the other. */
final class GuardFilter extends CompositeFilter {

    GuardFilter(List<CallbackEndpoint> endpoints, VerdictObserver observer) {
        setFilters(endpoints.stream()
                .map(endpoint -> (Filter) new CaptchaCallbackFilter(endpoint, observer.of(endpoint)))
                .toList());
    }

    /** The filters check their mapping. MockMvc registers them without one, and has no container that could bypass them. */
    @Override
    public void init(FilterConfig config) throws ServletException {
        FilterRegistration registration = config.getServletContext().getFilterRegistration(config.getFilterName());
        if (registration != null && !registration.getUrlPatternMappings().isEmpty()) {
            super.init(config);
        }
    }
}
