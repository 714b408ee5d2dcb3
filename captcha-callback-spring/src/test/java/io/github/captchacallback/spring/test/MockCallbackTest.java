package io.github.captchacallback.spring.test;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
import static io.github.captchacallback.spring.test.MockCallback.expiredCallback;
import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static io.github.captchacallback.spring.test.MockCallback.replayedCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.IssuedCallback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.client.MockMvcClientHttpRequestFactory;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Says what an application's own tests can send it. */
class MockCallbackTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T12:00:00Z"));
    private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
    private final MockServletContext servletContext = new MockServletContext();

    @Configuration(proxyBeanMethods = false)
    @EnableWebSecurity
    @EnableWebMvc
    static class Application {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults()).build();
        }

        @Bean
        Endpoint endpoint() {
            return new Endpoint();
        }
    }

    @RestController
    static class Endpoint {

        private final List<Callback> arrivals = new CopyOnWriteArrayList<>();

        @RequestMapping({"/captcha/callback", "/captcha/callback/{token}"})
        String callback(@AuthenticationPrincipal Callback callback) {
            arrivals.add(callback);
            return "handled";
        }
    }

    @AfterEach
    void close() {
        context.close();
    }

    private CaptchaCallbacksBuilder settings() {
        return InMemoryCallbacks.builder().clock(clock);
    }

    private MockMvcTester application(CaptchaCallbacksBuilder callbacks) {
        return MockMvcTester.create(mockMvc(callbacks.build()));
    }

    private MockMvc mockMvc(CaptchaCallbacks callbacks) {
        context.setServletContext(servletContext);
        context.register(Application.class);
        context.addBeanFactoryPostProcessor(factory -> factory.registerSingleton("captchaCallbacks", callbacks));
        context.refresh();
        return MockMvcBuilders.webAppContextSetup(context)
                .apply(springSecurity())
                .build();
    }

    private List<Callback> arrivals() {
        return context.getBean(Endpoint.class).arrivals;
    }

    /** Each way of recognising a callback, as settings. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "replay.duplicates=conflict",
                "signature.url-style=path",
                "signature.scheme=task-id",
                "signature.scheme=task-id,signature.url-style=path",
                "signature.enabled=false",
                "pending.enabled=false",
                "parameters.task-id=task,parameters.code=answer",
                "replay.duplicates=ok",
            })
    void performThenEachKindIsAnsweredAsItsNameSays(String settings) {
        CaptchaCallbacksBuilder builder = settings();
        for (String setting : settings.split(",", -1)) {
            int equals = setting.indexOf('=');
            builder.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        MockMvcTester mvc = application(builder);
        boolean signed = !settings.contains("signature.enabled=false");

        assertThat(mvc.perform(genuineCallback().solution("a+b c/ü")))
                .hasStatusOk()
                .bodyText()
                .isEqualTo("handled");
        assertThat(mvc.perform(genuineCallback().byPost())).hasStatusOk();
        assertThat(arrivals()).extracting(Callback::solution).containsExactly("a+b c/ü", "an-answer");

        assertThat(mvc.perform(forgedCallback()))
                .hasStatus(403)
                .bodyText()
                .contains(signed ? "invalid signature" : "unknown task");
        assertThat(mvc.perform(forgedCallback().byPost())).hasStatus(403);
        assertThat(mvc.perform(replayedCallback())).hasStatus(settings.contains("duplicates=ok") ? 200 : 409);
        if (signed) {
            assertThat(mvc.perform(expiredCallback())).hasStatus(403).bodyText().contains("expired");
        }
        assertThat(arrivals()).hasSize(2);
    }

    @Test
    void withThenAnyRequestBecomesTheCallback() throws Exception {
        MockMvc mvc = mockMvc(settings().build());
        assertThat(mvc.perform(get("/anywhere").with(genuineCallback()))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(200);
        assertThat(mvc.perform(post("/anywhere").with(forgedCallback()))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(403);
        assertThat(arrivals()).hasSize(1);
    }

    @Test
    void performWhenAnsweringASubmissionThenItsReferenceArrives() {
        CaptchaCallbacks callbacks = settings().build();
        MockMvcTester mvc = MockMvcTester.create(mockMvc(callbacks));
        IssuedCallback issued = callbacks.issue();
        callbacks.bind(issued.reference(), "4711");

        assertThat(mvc.perform(forgedCallback().answering(issued).taskId("4711")))
                .hasStatus(403);
        assertThat(mvc.perform(genuineCallback().answering(issued).taskId("4712")))
                .hasStatus(403)
                .bodyText()
                .contains("unknown task");
        assertThat(mvc.perform(
                        genuineCallback().answering(issued).taskId("4711").solution("x")))
                .hasStatusOk();

        assertThat(arrivals()).singleElement().satisfies(callback -> {
            assertThat(callback.reference()).isEqualTo(issued.reference());
            assertThat(callback.taskId()).isEqualTo("4711");
            assertThat(callback.solution()).isEqualTo("x");
        });
    }

    @Test
    void performWhenTheClockAdvancesThenWhatWasIssuedExpires() {
        CaptchaCallbacks callbacks = settings().build();
        MockMvcTester mvc = MockMvcTester.create(mockMvc(callbacks));
        IssuedCallback issued = callbacks.issue();

        clock.advance(Duration.ofMinutes(11));

        assertThat(mvc.perform(genuineCallback().answering(issued)))
                .hasStatus(403)
                .bodyText()
                .contains("expired");
        assertThat(mvc.perform(genuineCallback())).hasStatusOk();
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.7, 200", "203.0.113.7, 403", ", 403"})
    void performWhenSourcesAreRestrictedThenTheAddressCounts(@Nullable String address, int status) {
        MockMvcTester mvc = application(settings().allowFrom("198.51.100.0/24"));
        MockCallback callback = genuineCallback();
        assertThat(mvc.perform(address == null ? callback : callback.from(address)))
                .hasStatus(status);
    }

    @Test
    void performWhenTheApplicationHasAContextPathThenTheCallbackArrives() {
        servletContext.setContextPath("/shop");
        MockMvcTester mvc = application(settings().set("path", "/shop/captcha/callback"));
        assertThat(mvc.perform(genuineCallback())).hasStatusOk();
        assertThat(mvc.perform(forgedCallback())).hasStatus(403);
    }

    @Test
    void performWhenTheTestHasDefaultsForAllRequestsThenTheyCount() {
        mockMvc(settings().build());
        MockMvc mvc = MockMvcBuilders.webAppContextSetup(context)
                .defaultRequest(get("/").header("X-Trace", "1").with(request -> {
                    request.setAttribute("processed", true);
                    return request;
                }))
                .build();
        assertThat(MockMvcTester.create(mvc).perform(genuineCallback()).getRequest())
                .satisfies(request -> {
                    assertThat(request.getHeader("X-Trace")).isEqualTo("1");
                    assertThat(request.getAttribute("processed")).isEqualTo(true);
                });
    }

    @Test
    void performWhenMoreIsToBeChangedThenThatComesLast() {
        MockMvcTester mvc = application(settings());
        assertThat(mvc.perform(genuineCallback().with(request -> {
                    request.setSecure(false);
                    return request;
                })))
                .hasStatus(403)
                .bodyText()
                .contains("https required");
    }

    @Test
    void performWhenSignedByOthersThenRefused() {
        MockMvcTester mvc = application(settings());
        assertThat(mvc.perform(genuineCallback().signedBy(InMemoryCallbacks.create(clock))))
                .hasStatus(403)
                .bodyText()
                .contains("invalid signature");
    }

    /** RestTestClient of Spring Framework 7 is made of this: a RestClient, here with MockMvc below it. */
    @Test
    void uriThenOtherClientsSendIt() {
        CaptchaCallbacks callbacks = settings().build();
        RestClient client = RestClient.builder()
                .requestFactory(new MockMvcClientHttpRequestFactory(mockMvc(callbacks)))
                .baseUrl("https://localhost")
                .build();

        assertThat(status(client, genuineCallback().solution("a+b c"), callbacks))
                .isEqualTo(200);
        assertThat(status(client, forgedCallback(), callbacks)).isEqualTo(403);
        assertThat(status(client, expiredCallback(), callbacks)).isEqualTo(403);
        assertThat(status(client, replayedCallback(), callbacks)).isEqualTo(409);
        assertThat(arrivals()).extracting(Callback::solution).containsExactly("a+b c");
    }

    private static int status(RestClient client, MockCallback callback, CaptchaCallbacks callbacks) {
        return client.get()
                .uri(callback.uri(callbacks))
                .exchange((request, response) -> response.getStatusCode().value());
    }

    private void assertRefusesToSend(Supplier<MockCallback> callback, CaptchaCallbacks callbacks, String message) {
        assertThatIllegalStateException()
                .isThrownBy(() -> callback.get().uri(callbacks))
                .withMessageContaining(message);
    }

    @Test
    void uriWhenThereCanBeNoSuchCallbackThenSaysWhy() {
        CaptchaCallbacks callbacks = settings().build();
        IssuedCallback issued = callbacks.issue();
        assertRefusesToSend(() -> expiredCallback().answering(issued), callbacks, "MutableClock");
        assertRefusesToSend(
                MockCallback::expiredCallback,
                settings().set("signature.enabled", "false").build(),
                "carries no time");
        assertRefusesToSend(
                MockCallback::replayedCallback,
                settings().allowFrom("198.51.100.0/24").build(),
                "SOURCE_NOT_ALLOWED");
    }

    @Test
    void performWhenThereIsNoContextThenSaysWhatToHandOver() {
        assertThatIllegalStateException()
                .isThrownBy(() -> genuineCallback().buildRequest(new MockServletContext()))
                .withMessageContaining("signedBy");
    }
}
