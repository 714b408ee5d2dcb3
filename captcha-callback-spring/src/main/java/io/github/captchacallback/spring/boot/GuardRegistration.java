package io.github.captchacallback.spring.boot;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Registers the guard for every path and every dispatch. Being {@link PriorityOrdered} it comes before filters of the highest
 * precedence: one that reads parameters would use up the form of a callback.
 */
final class GuardRegistration extends FilterRegistrationBean<GuardFilter> implements PriorityOrdered {

    static final String NAME = "captchaCallbackFilter";

    GuardRegistration(GuardFilter guard) {
        super(guard);
        setName(NAME);
        setOrder(Ordered.HIGHEST_PRECEDENCE);
        setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        setAsyncSupported(true);
    }
}
