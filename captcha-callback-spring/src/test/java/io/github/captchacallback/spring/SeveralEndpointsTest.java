package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
import static io.github.captchacallback.spring.test.MockCallback.expiredCallback;
import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static io.github.captchacallback.spring.test.MockCallback.replayedCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.spring.test.InMemoryCallbacks;
import io.github.captchacallback.spring.test.MockCallback;
import io.github.captchacallback.spring.test.MutableClock;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.AbstractAuthenticationEvent;
import org.springframework.security.authentication.event.AuthenticationFailureBadCredentialsEvent;
import org.springframework.security.authentication.event.AuthenticationFailureCredentialsExpiredEvent;
import org.springframework.security.authentication.event.AuthenticationFailureServiceExceptionEvent;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Says how one application serves several services, and what the DSL and Spring Security's events make of it. */
class SeveralEndpointsTest {

    private static final CaptchaCallbacks TURNSTILE = InMemoryCallbacks.builder()
            .publicUrl("https://your-server.com/turnstile/callback")
            .build();

    private final WebApplicationContextRunner application =
            new WebApplicationContextRunner().withUserConfiguration(Web.class).withBean(Audit.class);

    @Configuration(proxyBeanMethods = false)
    @EnableWebSecurity
    @EnableWebMvc
    static class Web {

        @Bean
        Endpoint endpoint() {
            return new Endpoint();
        }
    }

    @RestController
    static class Endpoint {

        @RequestMapping({"/captcha/callback", "/turnstile/callback", "/orders/callback"})
        String callback(Callback callback) {
            return callback.solution();
        }
    }

    static class Audit {

        private final List<AbstractAuthenticationEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AbstractAuthenticationEvent event) {
            events.add(event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Both {

        @Bean
        CaptchaCallbacks captcha() {
            return InMemoryCallbacks.create();
        }

        @Bean
        CaptchaCallbacks turnstile() {
            return TURNSTILE;
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http, CaptchaCallbacks captcha, CaptchaCallbacks turnstile)
                throws Exception {
            return http.with(captchaCallback(), c -> c.callbacks(captcha).endpoint(CallbackEndpoint.of(turnstile)))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    private static MockMvcTester mvc(WebApplicationContext context) {
        return MockMvcTester.from(
                context, builder -> builder.apply(springSecurity()).build());
    }

    private static void refused(MockMvcTester mvc, MockCallback callback, String why) {
        assertThat(mvc.perform(callback)).hasStatus(403).bodyText().contains(why);
    }

    @Test
    void withWhenThereAreTwoEndpointsThenEachHasItsOwnKeysAndPath() {
        application.withUserConfiguration(Both.class).run(context -> {
            CaptchaCallbacks captcha = context.getBean("captcha", CaptchaCallbacks.class);
            MockMvcTester mvc = mvc(context);
            assertThat(mvc.perform(genuineCallback().signedBy(captcha).solution("a")))
                    .hasStatusOk()
                    .bodyText()
                    .isEqualTo("a");
            assertThat(mvc.perform(
                            genuineCallback().signedBy(TURNSTILE).solution("b").byPost()))
                    .hasStatusOk()
                    .bodyText()
                    .isEqualTo("b");
            refused(mvc, forgedCallback().signedBy(captcha), "invalid signature");
            refused(mvc, forgedCallback().signedBy(TURNSTILE), "invalid signature");
            refused(
                    mvc,
                    genuineCallback().signedBy(TURNSTILE).with(request -> {
                        request.setRequestURI("/captcha/callback");
                        return request;
                    }),
                    "invalid signature");
            assertThat(mvc.get().uri("/orders")).hasStatus(403);
        });
    }

    /** Spring MVC would take the record from the parameters, as it has no other way to make one. */
    @Test
    void withWhenAGenuineUrlHasFurtherParametersThenTheArgumentIsStillTheVerifiedCallback() {
        application.withUserConfiguration(Both.class).run(context -> {
            MockMvcTester mvc = mvc(context);
            assertThat(mvc.perform(genuineCallback()
                            .signedBy(TURNSTILE)
                            .solution("verified")
                            .with(request -> {
                                request.addParameter("reference", "another-order-0000");
                                request.setQueryString(request.getQueryString() + "&reference=another-order-0000");
                                return request;
                            })))
                    .bodyText()
                    .isEqualTo("verified");
            assertThat(mvc.get()
                            .uri("/orders/callback?taskId=1&code=forged&reference=r&receivedAt=2026-01-01T00:00:00Z")
                            .with(user("somebody")))
                    .hasStatus(400);
        });
    }

    @Test
    void withWhenThereAreTwoEndpointsThenEachVerdictIsOneEventOfSpringSecurity() {
        application.withUserConfiguration(Both.class).run(context -> {
            CaptchaCallbacks captcha = context.getBean("captcha", CaptchaCallbacks.class);
            List<AbstractAuthenticationEvent> events = context.getBean(Audit.class).events;
            MockMvcTester mvc = mvc(context);
            List<Class<?>> expected = new ArrayList<>();
            for (CaptchaCallbacks endpoint : List.of(captcha, TURNSTILE)) {
                mvc.perform(genuineCallback().signedBy(endpoint));
                mvc.perform(forgedCallback().signedBy(endpoint));
                mvc.perform(expiredCallback().signedBy(endpoint));
                mvc.perform(replayedCallback().signedBy(endpoint));
                expected.addAll(List.of(
                        AuthenticationSuccessEvent.class,
                        AuthenticationFailureBadCredentialsEvent.class,
                        AuthenticationFailureCredentialsExpiredEvent.class,
                        AuthenticationFailureBadCredentialsEvent.class));
            }
            assertThat(events).extracting(event -> (Object) event.getClass()).containsExactlyElementsOf(expected);
            assertThat(events.get(0).getAuthentication()).isInstanceOf(CaptchaCallbackAuthentication.class);
            assertThat(events.get(1).getAuthentication().getName()).isEqualTo("/captcha/callback");
            assertThat(events.get(5).getAuthentication().getName()).isEqualTo("/turnstile/callback");
            assertThat(events).noneMatch(event -> event.toString().contains("v1.test."));
        });
    }

    @Test
    void withWhenTheStoreIsOutOfReachThenTheEventSaysThatTheServiceFailed() {
        CaptchaCallbacks captcha = InMemoryCallbacks.builder()
                .set("pending.enabled", "false")
                .store(new UnreachableStore())
                .build();
        guardedBy(c -> c.callbacks(captcha)).run(context -> {
            assertThat(mvc(context).perform(genuineCallback().signedBy(captcha)))
                    .hasStatus(503);
            assertThat(context.getBean(Audit.class).events)
                    .singleElement()
                    .isInstanceOf(AuthenticationFailureServiceExceptionEvent.class);
        });
    }

    /** Guards a chain by what a test configures. */
    private WebApplicationContextRunner guardedBy(Customizer<CaptchaCallbackConfigurer> configurer) {
        return application
                .withUserConfiguration(Chain.class)
                .withBean(Customization.class, () -> configurer::customize);
    }

    interface Customization extends Consumer<CaptchaCallbackConfigurer> {}

    @Configuration(proxyBeanMethods = false)
    static class Chain {

        @Bean
        SecurityFilterChain chain(HttpSecurity http, Customization customization) throws Exception {
            return http.with(captchaCallback(), customization::accept).build();
        }
    }

    @Test
    void withWhenTwoEndpointsHaveOnePathThenSaysWhatToChange() {
        guardedBy(c -> c.callbacks(TURNSTILE).endpoint(CallbackEndpoint.of(TURNSTILE)))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("Two endpoints are guarded at /turnstile/callback. Give each its own path in"
                                + " captcha.callback.public-url or captcha.callback.path."));
    }

    @Test
    void endpointWhenItHasADeliveryThenItsCallbacksAreHandledInTheBackground() {
        List<Callback> handled = new CopyOnWriteArrayList<>();
        CallbackEndpoint turnstile = CallbackEndpoint.of(TURNSTILE, handled::add);
        CaptchaCallbacks captcha = InMemoryCallbacks.create();
        guardedBy(c -> c.callbacks(captcha).endpoint(turnstile)).run(context -> {
            MockMvcTester mvc = mvc(context);
            assertThat(mvc.perform(genuineCallback().signedBy(TURNSTILE).solution("b")))
                    .hasStatusOk()
                    .bodyText()
                    .isEqualTo("OK");
            await().until(() -> !handled.isEmpty());
            assertThat(mvc.perform(genuineCallback().signedBy(captcha).solution("a")))
                    .bodyText()
                    .isEqualTo("a");
            assertThat(handled).extracting(Callback::solution).containsExactly("b");
        });
        turnstile.close();
    }

    /** The settings are given in the DSL alone; a node that issues has the same key, and shares the store. */
    @Test
    void settingsThenEverySettingCountsAndCollaboratorsAreTakenFromBeans() {
        MutableClock clock = new MutableClock(Instant.parse("2026-11-22T12:00:00Z"));
        CallbackStore store = new CaffeineCallbackStore(clock, 10);
        RecordingListener listener = new RecordingListener();
        CaptchaCallbacks issuing = CaptchaCallbacks.builder()
                .publicUrl(InMemoryCallbacks.PUBLIC_URL)
                .signingKey("dsl", TestApplication.SECRET)
                .clock(clock)
                .store(store)
                .build();
        guardedBy(c -> c.settings(s -> s.publicUrl(InMemoryCallbacks.PUBLIC_URL)
                        .signingKey("dsl", TestApplication.SECRET)
                        .set("freshness.ttl", "60s")
                        .set("error-detail", "false")))
                .withBean(CallbackStore.class, () -> store)
                .withBean(MutableClock.class, () -> clock)
                .withBean(RecordingListener.class, () -> listener)
                .run(context -> {
                    MockMvcTester mvc = mvc(context);
                    assertThat(mvc.perform(genuineCallback().signedBy(issuing))).hasStatusOk();
                    assertThat(listener.of(CallbackEvent.Accepted.class)).hasSize(1);

                    MockCallback late =
                            genuineCallback().answering(issuing.issue()).signedBy(issuing);
                    clock.advance(Duration.ofSeconds(62));
                    assertThat(mvc.perform(late)).hasStatus(403).bodyText().doesNotContain("expired");
                });
    }

    @Test
    void settingsWhenThereAreTwoStoresThenTheStartFailsAndNoneIsPassedOver() {
        guardedBy(c -> c.settings(s -> s.publicUrl(InMemoryCallbacks.PUBLIC_URL)))
                .withBean("store", CallbackStore.class, UnreachableStore::new)
                .withBean("otherStore", CallbackStore.class, UnreachableStore::new)
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContainingAll("store", "otherStore"));
    }
}
