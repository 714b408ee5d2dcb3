package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CallbackEventListener;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.spring.CallbackEventPublisher;
import io.github.captchacallback.store.CallbackStore;
import java.time.InstantSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Guards the callback endpoints of a Boot application that sets any property of {@code captcha.callback.*}, or has a bean of type
 * {@link CaptchaCallbacks} or {@link CallbackEndpoint}: by a servlet filter that comes before all others. If the application uses
 * Spring Security, a filter chain authenticates what the filter has verified. Every bean backs off if the application defines its
 * own, except the guard. If there are two stores or two handlers, the application does not start, unless one is the primary one.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Conditional(OnCallbackPropertyOrBean.class)
@Import({GuardBySecurity.class, GuardByServletFilter.class, JdbcStoreConfiguration.class})
public class CaptchaCallbackAutoConfiguration {

    /** The name of the bean that the properties make, and by which operations see it. */
    static final String CALLBACKS = "captchaCallbacks";

    /** The name of the bean that calls the method with {@code @CaptchaCallbackListener}. */
    static final String LISTENER = "captchaCallbackListenerMethod";

    /** Makes the configuration. */
    public CaptchaCallbackAutoConfiguration() {}

    @Bean(CALLBACKS)
    @Conditional(OnCallbackProperty.class)
    @ConditionalOnMissingBean
    CaptchaCallbacks captchaCallbacks(
            Environment environment, BeanFactory beans, ObjectProvider<CallbackEventListener> listeners) {
        CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder().settings(EnvironmentSettings.read(environment));
        // Asked for by type: among several, a parameter would take the one of its own name.
        beans.getBeanProvider(CallbackStore.class).ifAvailable(builder::store);
        beans.getBeanProvider(InstantSource.class).ifUnique(builder::clock);
        listeners.orderedStream().forEach(builder::listener);
        return builder.build();
    }

    /** Publishes every verdict, and every step in the life of a reference, as an event of the application. */
    @Bean
    CallbackEventListener captchaCallbackEvents(ApplicationEventPublisher publisher) {
        return new CallbackEventPublisher(publisher);
    }

    @Bean(LISTENER)
    @Conditional(OnListenerMethod.class)
    CallbackHandler captchaCallbackListenerMethod(ConfigurableListableBeanFactory beans) {
        ListenerMethods.Found method = ListenerMethods.theOne(beans);
        return callback -> method.receive(beans, callback);
    }

    @Bean
    @ConditionalOnMissingBean(CallbackEndpoint.class)
    BackgroundThreads captchaCallbackThreads(Environment environment) {
        return BackgroundThreads.of(environment);
    }

    /** Belongs to the only callbacks, or the primary ones. A handler takes them; otherwise the application has an endpoint. */
    @Bean
    @ConditionalOnSingleCandidate(CaptchaCallbacks.class)
    @ConditionalOnMissingBean
    CallbackEndpoint captchaCallbackEndpoint(
            CaptchaCallbacks callbacks,
            BeanFactory beans,
            ObjectProvider<HandlerDecorator> decorators,
            BackgroundThreads threads) {
        CallbackHandler handler = beans.getBeanProvider(CallbackHandler.class).getIfAvailable();
        if (handler == null) {
            return CallbackEndpoint.of(callbacks);
        }
        CallbackHandler decorated = handler;
        for (HandlerDecorator decorator : decorators) {
            decorated = decorator.decorate(decorated);
        }
        return threads.endpoint(callbacks, decorated);
    }
}
