package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.settings.CallbackSettingsException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** Says what an application without Boot reads where it configures the DSL wrongly. */
class CaptchaCallbackConfigurerTest {

    private final WebApplicationContextRunner guarded =
            new WebApplicationContextRunner().withUserConfiguration(Guarded.class);

    @Configuration(proxyBeanMethods = false)
    @EnableWebSecurity
    static class Guarded {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults()).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class First {

        @Bean
        CaptchaCallbacks first() {
            return callbacks();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Second {

        @Bean
        CaptchaCallbacks second() {
            return callbacks();
        }
    }

    private static CaptchaCallbacks callbacks() {
        return CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("test", TestApplication.SECRET)
                .build();
    }

    @Test
    void configureWhenThereIsOneBeanThenTheFilterStandsBeforeTheCsrfFilter() {
        guarded.withUserConfiguration(First.class)
                .run(context -> assertThat(
                                context.getBean(SecurityFilterChain.class).getFilters())
                        .extracting(filter -> (Object) filter.getClass())
                        .containsSubsequence(CaptchaCallbackAuthenticationFilter.class, CsrfFilter.class));
    }

    @Test
    void configureWhenThereIsNoBeanThenSaysHowToGetOne() {
        guarded.run(context -> assertThat(context)
                .hasFailed()
                .getFailure()
                .hasStackTraceContaining("There is no CaptchaCallbacks bean. Set captcha.callback.public-url and"
                        + " captcha.callback.signature.keys.<key-id> in a Boot application, or define the bean, or hand it"
                        + " over: http.with(captchaCallback(), c -> c.callbacks(…))"));
    }

    @Test
    void configureWhenThereAreSeveralBeansThenNamesThemAndSaysHowToChoose() {
        guarded.withUserConfiguration(First.class, Second.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining(
                                "There are several CaptchaCallbacks beans: [first, second]. Name the one to use:"
                                        + " http.with(captchaCallback(), c -> c.callbacks(…))"));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDeliveries {

        @Bean
        CallbackEndpoint oneDelivery(CaptchaCallbacks callbacks) {
            return CallbackEndpoint.of(callbacks, callback -> {}, Runnable::run);
        }

        @Bean
        CallbackEndpoint otherDelivery(CaptchaCallbacks callbacks) {
            return CallbackEndpoint.of(callbacks, callback -> {}, Runnable::run);
        }
    }

    @Test
    void configureWhenThereAreSeveralDeliveriesThenTheStartFailsAndNoneIsPassedOver() {
        guarded.withUserConfiguration(First.class, TwoDeliveries.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasRootCauseInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    void configureWhenTheCallbackPathLiesOutsideTheContextPathThenSaysWhatToWrite() {
        try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
            MockServletContext shop = new MockServletContext();
            shop.setContextPath("/shop");
            context.setServletContext(shop);
            context.register(Guarded.class, First.class);

            assertThat(catchThrowable(context::refresh))
                    .hasRootCauseInstanceOf(CallbackSettingsException.class)
                    .rootCause()
                    .hasMessageStartingWith("captcha.callback.public-url = 'https://")
                    .hasMessageContaining("/captcha/callback': no request of this webapp arrives there, since"
                            + " its context path is /shop. Put the context path into it");
        }
    }
}
