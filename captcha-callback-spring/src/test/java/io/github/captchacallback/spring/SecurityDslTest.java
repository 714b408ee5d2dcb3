package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.spring.RecordingController.Arrival;
import io.github.captchacallback.spring.boot.CaptchaCallbackAutoConfiguration;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Tests what {@code http.with(captchaCallback(), …)} does to an application's own filter chains. Most of these applications exclude
 * the auto-configuration, whose servlet filter and chain would come first.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecurityDslTest {

    /** An application whose filter chains are all there is. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = CaptchaCallbackAutoConfiguration.class)
    @Import(RecordingController.class)
    static class Base {

        @Bean
        RecordingListener listener() {
            return new RecordingListener();
        }

        @Bean
        CaptchaCallbacks captchaCallbacks(RecordingListener listener) {
            return callbacks(PATH, "test").listener(listener).build();
        }

        static CaptchaCallbacksBuilder callbacks(String path, String keyId) {
            return CaptchaCallbacks.builder()
                    .publicUrl("https://your-server.com" + path)
                    .signingKey(keyId, TestApplication.SECRET)
                    .set("require-https", "false");
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class InTheOnlyChain {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class InOneOfSeveral {

        @Bean
        @Order(1)
        SecurityFilterChain callbacks(HttpSecurity http) throws Exception {
            return http.securityMatcher("/captcha/**")
                    .with(captchaCallback(), Customizer.withDefaults())
                    .authorizeHttpRequests(
                            requests -> requests.anyRequest().hasAuthority(CaptchaCallbackAuthentication.AUTHORITY))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain users(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class WithoutCsrfProtection {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.csrf(AbstractHttpConfigurer::disable)
                    .with(captchaCallback(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }
    }

    /** The chain saves every context that it finds at its end, as it was usual before Spring Security 6. */
    @SpringBootConfiguration
    @Import(Base.class)
    static class SavingContexts {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults())
                    .securityContext(context -> context.requireExplicitSave(false))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                InTheOnlyChain.class,
                InOneOfSeveral.class,
                WithoutCsrfProtection.class,
                SavingContexts.class,
            })
    void withThenGenuineCallbacksArriveAndEverythingElseStaysShut(Class<?> configuration) {
        try (TestApplication application = TestApplication.startBare(configuration)) {
            RecordingController endpoint = application.bean(RecordingController.class);

            HttpResponse<String> get = application.get(solved(application.issue(), "x"));
            HttpResponse<String> post = application.post(application.issue(), "id=1&code=2");

            assertThat(get.statusCode()).isEqualTo(200);
            assertThat(post.statusCode()).isEqualTo(200);
            assertThat(endpoint.arrivals())
                    .extracting(Arrival::authentication)
                    .hasSize(2)
                    .allSatisfy(authentication -> assertThat(authentication)
                            .isInstanceOf(CaptchaCallbackAuthentication.class)
                            .extracting("authenticated")
                            .isEqualTo(true));
            assertThat(get.headers().map()).doesNotContainKey("set-cookie");
            assertThat(post.headers().map()).doesNotContainKey("set-cookie");

            String forged = solved(application.issue(), "x").replaceFirst("[0-9a-f]{64}", "0".repeat(64));
            assertThat(application.get(forged).body()).isEqualTo("{\"error\":\"invalid signature\"}");
            assertThat(application.post(PATH, "id=1&code=2").body()).isEqualTo("{\"error\":\"malformed callback\"}");
            assertThat(application.get("/orders").statusCode()).isEqualTo(401);
            assertThat(endpoint.arrivals()).hasSize(2);
            assertThat(endpoint.others()).isZero();
        }
    }

    @Test
    void withWhenTheEndpointFailsThenTheServiceSeesThatAndNoLogin() {
        try (TestApplication application = TestApplication.startBare(InOneOfSeveral.class)) {
            application.bean(RecordingController.class).answerWith(callback -> {
                throw new IllegalStateException("out of order");
            });
            String target = solved(application.issue(), "x");

            HttpResponse<String> failed = application.get(target);

            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.headers().map()).doesNotContainKeys("set-cookie", "www-authenticate");
        }
    }

    /** As the guide has it: the error page is for whoever has met an error, and all else for users. */
    @SpringBootConfiguration
    @Import(Base.class)
    static class LettingErrorsPass {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll()
                            .requestMatchers(PATH)
                            .hasAuthority(CaptchaCallbackAuthentication.AUTHORITY)
                            .anyRequest()
                            .hasRole("USER"))
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }
    }

    @Test
    void withWhenTheApplicationsRulesLetErrorsPassThenTheServiceSeesThemAsTheyAre() {
        try (TestApplication application = TestApplication.startBare(LettingErrorsPass.class)) {
            application.bean(RecordingController.class).answerWith(callback -> {
                throw new IllegalStateException("out of order");
            });

            HttpResponse<String> failed = application.get(solved(application.issue(), "x"));
            HttpResponse<String> misspelt = application.get("/captcha//callback?id=1&code=x");

            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(misspelt.statusCode()).isEqualTo(400);
            assertThat(List.of(failed, misspelt))
                    .allSatisfy(answer ->
                            assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "www-authenticate"));
            assertThat(application.get("/other").statusCode()).isEqualTo(401);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class OnlyForUsers {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("USER"))
                    .exceptionHandling(handling ->
                            handling.accessDeniedHandler((request, response, denied) -> response.setStatus(403)))
                    .build();
        }
    }

    @Test
    void withWhenTheGuardIsInPlaceThenTheLogSaysOnceWhatIsGuarded(CapturedOutput output) {
        try (TestApplication application =
                TestApplication.startBare(OnlyForUsers.class, "logging.level.io.github.captchacallback=info")) {
            assertThat(application.bean(CaptchaCallbacks.class)).isNotNull();
            assertThat(output.toString().lines().filter(line -> line.contains("Callbacks are verified at /captcha")))
                    .hasSize(1);
        }
    }

    @Test
    void withWhenTheChainsRulesLeaveCallbacksOutThenReleasedAndTheLogNamesTheRuleToAdd(CapturedOutput output) {
        try (TestApplication application = TestApplication.startBare(OnlyForUsers.class)) {
            IssuedCallback issued = application.bean(CaptchaCallbacks.class).issue();

            assertThat(application
                            .get(solved(TestApplication.target(issued.url()), "x"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(application.bean(RecordingController.class).arrivals()).isEmpty();
            application.bean(RecordingListener.class).awaitReleased(issued.reference());
            assertThat(output)
                    .contains(
                            "answered the callback of reference " + issued.reference() + " with 403",
                            "requestMatchers(\"/captcha/callback\").hasAuthority(\"CAPTCHA_CALLBACK\")");
        }
    }

    @Test
    void withWhenTheControllerItselfRefusesThenNoRuleIsBlamed(CapturedOutput output) {
        try (TestApplication application = TestApplication.startBare(InTheOnlyChain.class)) {
            application
                    .bean(RecordingController.class)
                    .answerWith(callback -> ResponseEntity.status(403).build());

            assertThat(application.get(solved(application.issue(), "x")).statusCode())
                    .isEqualTo(403);
            assertThat(output).doesNotContain("A rule of the filter chain");
        }
    }

    /** Properties make a filter and a chain of their own, which take the callbacks before this one can. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(RecordingController.class)
    static class WithPropertiesAsWell {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @Test
    void withWhenPropertiesGuardThePathAsWellThenACallbackIsJudgedOnce() {
        try (TestApplication application = TestApplication.start(WithPropertiesAsWell.class)) {
            String target = solved(application.issue(), "x");

            assertThat(application.get(target).statusCode()).isEqualTo(200);
            assertThat(application.get(target).statusCode()).isEqualTo(409);
            assertThat(application.get("/orders").statusCode()).isEqualTo(200);
        }
    }

    /** Two services, each with callbacks of its own; the second one's are handled in the background. */
    @SpringBootConfiguration
    @EnableAutoConfiguration(exclude = CaptchaCallbackAutoConfiguration.class)
    @Import(RecordingController.class)
    static class OfTwoServices {

        private final List<Callback> handled = new CopyOnWriteArrayList<>();

        @Bean
        CaptchaCallbacks first() {
            return Base.callbacks(PATH, "first").build();
        }

        @Bean
        CaptchaCallbacks second() {
            return Base.callbacks("/second/callback", "second").build();
        }

        @Bean
        SecurityFilterChain everything(HttpSecurity http, CaptchaCallbacks first) throws Exception {
            return http.with(captchaCallback(), callback -> callback.callbacks(first))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }

        @Bean
        @Order(1)
        SecurityFilterChain ofTheSecond(HttpSecurity http, CaptchaCallbacks second) throws Exception {
            CallbackEndpoint endpoint = CallbackEndpoint.of(second, handled::add, Runnable::run);
            return http.securityMatcher("/second/**")
                    .with(captchaCallback(), callback -> callback.endpoint(endpoint))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    /** The same as a Boot application has it, with the servlet filter in front. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class HandlerOnlyInTheChain {

        @Bean
        CaptchaCallbacks callbacks() {
            return Base.callbacks(PATH, "test").build();
        }

        @Bean
        SecurityFilterChain everything(HttpSecurity http, CaptchaCallbacks callbacks) throws Exception {
            return http.with(captchaCallback(), c -> c.endpoint(CallbackEndpoint.of(callbacks, callback -> {})))
                    .build();
        }
    }

    @Test
    void withWhenOnlyTheChainHasTheHandlerAndAFilterIsInFrontThenTheStartFailsAndSaysWhatToChange() {
        assertThatThrownBy(() -> TestApplication.startBare(HandlerOnlyInTheChain.class))
                .rootCause()
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll(PATH, "Make the CallbackEndpoint a bean");
    }

    @Test
    void withWhenGivenCollaboratorsThenUsesTheseAndNoBeans() {
        try (TestApplication application = TestApplication.startBare(OfTwoServices.class)) {
            String first = target(application.bean("first", CaptchaCallbacks.class));
            String second = target(application.bean("second", CaptchaCallbacks.class));

            assertThat(application.get(first).body()).isEqualTo(RecordingController.HANDLED);
            assertThat(application.get(second).body()).isEqualTo("OK");
            assertThat(application.bean(OfTwoServices.class).handled).hasSize(1);
            assertThat(application.bean(RecordingController.class).arrivals()).hasSize(1);

            String ofTheOther =
                    target(application.bean("second", CaptchaCallbacks.class)).replace("/second/callback", PATH);
            assertThat(application.get(ofTheOther).body()).isEqualTo("{\"error\":\"invalid signature\"}");
        }
    }

    private static String target(CaptchaCallbacks callbacks) {
        return solved(TestApplication.target(callbacks.issue().url()), "x");
    }
}
