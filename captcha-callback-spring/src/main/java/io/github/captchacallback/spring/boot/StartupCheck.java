package io.github.captchacallback.spring.boot;

import io.github.captchacallback.spring.CallbackWiringException;
import io.github.captchacallback.spring.GuardedEndpoints;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Stops an application, before it accepts requests, whose guard or whose listener would not be called. */
record StartupCheck(
        ConfigurableListableBeanFactory beans,
        GuardedEndpoints endpoints,
        ObjectProvider<ServletContext> servletContext)
        implements SmartInitializingSingleton {

    @Override
    public void afterSingletonsInstantiated() {
        ListenerMethods.requireFound(beans);
        servletContext.ifAvailable(this::requireRegistered);
    }

    /** The servlet context of a test without a container has no servlets, and is not asked. */
    private void requireRegistered(ServletContext context) {
        FilterRegistration registration = context.getFilterRegistration(GuardRegistration.NAME);
        boolean registered =
                registration != null && registration.getUrlPatternMappings().contains("/*");
        if (!context.getServletRegistrations().isEmpty() && !registered) {
            throw new CallbackWiringException(
                    "The filter " + GuardRegistration.NAME
                            + " is not registered for every path in the container, so nothing"
                            + " guards "
                            + endpoints,
                    "Do not disable or change the bean captchaCallbackFilterRegistration");
        }
    }
}
