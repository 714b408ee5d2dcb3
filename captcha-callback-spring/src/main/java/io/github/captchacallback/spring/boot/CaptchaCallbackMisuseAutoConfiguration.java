package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.CallbackWiringException;
import io.github.captchacallback.spring.GuardedEndpoints;
import jakarta.servlet.ServletContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Reports what would leave a web application without a guard, although the library is on its class path. */
@AutoConfiguration(after = CaptchaCallbackAutoConfiguration.class)
public class CaptchaCallbackMisuseAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    /** Makes the configuration. */
    public CaptchaCallbackMisuseAutoConfiguration() {}

    /** Is called before any bean is made that needs the settings. */
    @Bean
    static BeanFactoryPostProcessor captchaCallbackPrefixCheck(Environment environment) {
        return beans -> MistypedPrefix.requireNone(environment);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class Reactive {

        @Bean
        static BeanFactoryPostProcessor captchaCallbackReactiveCheck(Environment environment) {
            return beans -> {
                if (EnvironmentSettings.isAnySet(environment)) {
                    throw noGuard("Properties of captcha.callback.* are set", "remove the properties");
                }
                List<String> names = Stream.of(CaptchaCallbacks.class, CallbackEndpoint.class)
                        .flatMap(type -> Stream.of(
                                BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false)))
                        .toList();
                if (!names.isEmpty()) {
                    throw noGuard("The beans " + names + " describe callback endpoints", "remove the beans");
                }
            };
        }

        private static CallbackWiringException noGuard(String cause, String removal) {
            return new CallbackWiringException(
                    cause + ", and this is a reactive application (WebFlux): there is no"
                            + " guard for it, and its callback endpoint would accept forged callbacks",
                    "Receive callbacks in an application with spring-boot-starter-web, which Boot 4 calls"
                            + " spring-boot-starter-webmvc, or " + removal);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnMissingBean(GuardedEndpoints.class)
    static class Unguarded {

        @Bean
        SmartInitializingSingleton captchaCallbackAbsence(
                ApplicationContext context, Environment environment, ObjectProvider<ServletContext> servletContext) {
            return () -> {
                ServletContext container = servletContext.getIfAvailable();
                boolean filtered = container != null && hasFilter(container);
                if (!filtered && GuardedEndpoints.inFilterChains(context).isEmpty()) {
                    LOG.warn(
                            "captcha-callback is on the class path but guards nothing: no property of captcha.callback.* is set"
                                    + " in the active profiles {} and there is no CaptchaCallbacks bean, or"
                                    + " CaptchaCallbackAutoConfiguration is excluded. Set"
                                    + " captcha.callback.public-url and captcha.callback.signature.keys.<key-id>, or activate"
                                    + " the profile that sets them",
                            Arrays.toString(environment.getActiveProfiles()));
                }
            };
        }

        private static boolean hasFilter(ServletContext context) {
            return context.getFilterRegistrations().values().stream()
                    .anyMatch(registration ->
                            CaptchaCallbackFilter.class.getName().equals(registration.getClassName()));
        }
    }
}
