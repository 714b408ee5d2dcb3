package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.form;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.spring.RecordingController.Arrival;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.server.ResponseStatusException;

/** Says what an application with users, sessions and CSRF protection sees of callbacks, by its properties alone. */
class CallbackEndpointTest {

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("user:password-of-the-user".getBytes(StandardCharsets.UTF_8));

    private static TestApplication application;
    private static RecordingController endpoint;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(RecordingController.class)
    static class Shop {

        @Bean
        RecordingListener listener() {
            return new RecordingListener();
        }

        @Bean
        Sessions sessions() {
            return new Sessions();
        }

        @Bean
        SecurityFilterChain users(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .exceptionHandling(handling -> handling.accessDeniedHandler(
                            (request, response, denied) -> response.setStatus(HttpStatus.FORBIDDEN.value())))
                    .build();
        }
    }

    /** Counts the sessions that were made. */
    static final class Sessions implements HttpSessionListener {

        private final AtomicInteger made = new AtomicInteger();

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            made.incrementAndGet();
        }
    }

    @BeforeAll
    static void start() {
        application = TestApplication.start(
                Shop.class, "spring.security.user.name=user", "spring.security.user.password=password-of-the-user");
        endpoint = application.bean(RecordingController.class);
    }

    @BeforeEach
    void forget() {
        endpoint.reset();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void getWhenGenuineThenTheControllerHasTheCallbackAsItsPrincipal() {
        IssuedCallback issued = application.bean(CaptchaCallbacks.class).issue();

        HttpResponse<String> answer = application.get(solved(TestApplication.target(issued.url()), "an-answer"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(RecordingController.HANDLED);
        assertThat(endpoint.arrivals()).singleElement().satisfies(arrival -> {
            assertThat(arrival.callback().reference()).isEqualTo(issued.reference());
            assertThat(arrival.callback().taskId()).isEqualTo("4711");
            assertThat(arrival.callback().solution()).isEqualTo("an-answer");
            assertThat(arrival.authentication()).isInstanceOf(CaptchaCallbackAuthentication.class);
            assertThat(arrival.authentication().getName()).isEqualTo(issued.reference());
            assertThat(arrival.authentication().getAuthorities())
                    .extracting(GrantedAuthority::getAuthority)
                    .containsExactly("CAPTCHA_CALLBACK");
        });
    }

    @Test
    void postWhenGenuineThenNeedsNoCsrfTokenAndTheControllerHasItsParameters() {
        HttpResponse<String> answer = application.post(application.issue(), "id=4711&code=an+answer%2B");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(endpoint.arrivals()).singleElement().satisfies(arrival -> {
            assertThat(arrival.callback().solution()).isEqualTo("an answer+");
            assertThat(arrival.parameters()).contains(entry("id", "4711"), entry("code", "an answer+"));
        });
    }

    @Test
    void postWhenTheCodeHasManyCharactersThenItIsHandedOnWhole() {
        String code = "a b+c/ü".repeat(1_000);

        assertThat(application
                        .post(application.issue(), "id=1&code=" + URLEncoder.encode(code, StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);

        assertThat(endpoint.arrivals())
                .extracting(arrival -> arrival.callback().solution())
                .containsExactly(code);
    }

    @Test
    void postWhenToAnotherPathThenStillNeedsACsrfToken() {
        assertThat(application
                        .send("/orders", request -> form(request, "a=1").header("Authorization", BASIC))
                        .statusCode())
                .isEqualTo(403);
        assertThat(endpoint.others()).isZero();
        assertThat(application
                        .send("/orders", request -> request.GET().header("Authorization", BASIC))
                        .body())
                .isEqualTo("orders of user");
    }

    @Test
    void getWhenOfAnotherPathThenTheApplicationsOwnRulesHold() {
        HttpResponse<String> answer =
                application.get(solved(application.issue(), "x").replace(PATH, "/orders"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(endpoint.others()).isZero();
    }

    @Test
    void getWhenForgedThenRefusedThoughTheCallerIsAUser() {
        String target = solved(application.issue(), "x");
        String forged = target.replaceFirst("[0-9a-f]{64}", "0".repeat(64));

        HttpResponse<String> answer =
                application.send(forged, request -> request.GET().header("Authorization", BASIC));

        assertRefused(answer, 403, "{\"error\":\"invalid signature\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?id=1&code=2", "?token=&id=1&code=2", "?token=v1.a.b.c.d&id=1&code=2"})
    void getWhenWithoutATokenThenRefusedAsMalformed(String query) {
        assertRefused(application.get(PATH + query), 400, "{\"error\":\"malformed callback\"}");
    }

    /** The guard comes before Spring Security, whose headers are on the answers of the application only. */
    @Test
    void sendWhenRefusedThenTheAnswerHasTheHeadersOfTheProtocol() {
        for (HttpResponse<String> answer : List.of(
                application.get(PATH + "?token=v1&id=1&code=2"), application.post(PATH + "?token=v1", "id=1&code=2"))) {
            assertRefused(answer, 400, "{\"error\":\"malformed callback\"}");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        }
        assertThat(application.get(solved(application.issue(), "x")).headers().map())
                .containsKeys("x-content-type-options", "x-frame-options");
    }

    @Test
    void postWhenWithoutATokenThenRefusedAsMalformedAndNotForItsCsrfToken() {
        assertRefused(application.post(PATH, "id=1&code=2"), 400, "{\"error\":\"malformed callback\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"})
    void sendWhenByAnotherMethodThenRefusedAndTheCallbackIsNotSpent(String method) {
        String target = solved(application.issue(), "x");

        HttpResponse<String> answer =
                application.send(target, request -> request.method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
        assertThat(endpoint.arrivals()).isEmpty();
        assertThat(application.get(target).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/captcha/callback/",
                "//captcha/callback",
                "/captcha//callback",
                "/captcha/./callback",
                "/captcha/x/../callback",
                "/captcha/callback;x=1",
                "/captcha;x=1/callback",
                "/%63aptcha/callback",
                "/captcha%2fcallback",
                "/captcha/callback%2f",
                "/CAPTCHA/callback",
            })
    void getWhenThePathIsSpeltInAnotherWayThenTheControllerIsNotReached(String spelling) {
        String target = solved(application.issue(), "x");

        HttpResponse<String> answer = application.get(target.replace(PATH, spelling));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(endpoint.arrivals()).isEmpty();
        assertThat(application.get(target).statusCode()).isEqualTo(200);
    }

    @Test
    void getWhenTheApplicationForwardsToTheCallbackPathThenJudgedThere() {
        HttpResponse<String> answer =
                application.send("/forward", request -> request.GET().header("Authorization", BASIC));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"malformed callback\"}");
        assertThat(endpoint.arrivals()).isEmpty();
    }

    @Test
    void sendWhenAcceptedRefusedOrFailedThenThereIsNeitherASessionNorACookie() {
        int before = application.bean(Sessions.class).made.get();

        HttpResponse<String> accepted = application.get(solved(application.issue(), "x"));
        HttpResponse<String> refused = application.post(PATH, "id=1&code=2");
        endpoint.answerWith(callback -> {
            throw new IllegalStateException("out of order");
        });
        HttpResponse<String> failed = application.get(solved(application.issue(), "x"));

        assertThat(List.of(accepted, refused, failed))
                .extracting(HttpResponse::statusCode)
                .containsExactly(200, 400, 500);
        assertThat(List.of(accepted, refused, failed))
                .allSatisfy(answer -> assertThat(answer.headers().map()).doesNotContainKey("set-cookie"));
        assertThat(application.bean(Sessions.class).made).hasValue(before);
    }

    @Test
    void getWhenAcceptedThenTheApplicationsAnswerIsNotCachedAndSendsNoReferrer() {
        HttpResponse<String> answer = application.get(solved(application.issue(), "x"));

        assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    }

    @Test
    void getWhenTheControllerHasAnsweredThenSettledAndARepeatIsRefused() {
        IssuedCallback issued = application.bean(CaptchaCallbacks.class).issue();
        String target = solved(TestApplication.target(issued.url()), "x");

        assertThat(application.get(target).statusCode()).isEqualTo(200);

        application.bean(RecordingListener.class).awaitSettled(issued.reference());
        assertThat(application.get(target).statusCode()).isEqualTo(409);
        assertThat(endpoint.arrivals()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400", "409", "422"})
    void getWhenTheControllerRefusesThenSettledForTheAnswerHasArrived(int status) {
        endpoint.answerWith(callback -> ResponseEntity.status(status).body("no"));
        IssuedCallback issued = application.bean(CaptchaCallbacks.class).issue();
        String target = solved(TestApplication.target(issued.url()), "x");

        assertThat(application.get(target).statusCode()).isEqualTo(status);

        application.bean(RecordingListener.class).awaitSettled(issued.reference());
        assertThat(application.get(target).statusCode()).isEqualTo(409);
    }

    @Test
    void getWhenTheControllerAnswers500ThenReleasedAndTheServicesRetryGetsThrough() {
        assertReleasedBy(callback ->
                ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR).body("no"));
    }

    @Test
    void getWhenTheControllerThrowsThenReleasedAndTheServicesRetryGetsThrough() {
        assertReleasedBy(callback -> {
            throw new IllegalStateException("out of order");
        });
    }

    @Test
    void getWhenTheControllerThrowsAStatusThenReleasedAndTheServicesRetryGetsThrough() {
        assertReleasedBy(callback -> {
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
        });
    }

    private static void assertReleasedBy(Function<Callback, Object> failure) {
        endpoint.answerWith(failure);
        IssuedCallback issued = application.bean(CaptchaCallbacks.class).issue();
        String target = solved(TestApplication.target(issued.url()), "x");

        assertThat(application.get(target).statusCode()).isGreaterThanOrEqualTo(500);

        application.bean(RecordingListener.class).awaitReleased(issued.reference());
        endpoint.answerWith(callback -> RecordingController.HANDLED);
        assertThat(application.get(target).statusCode()).isEqualTo(200);
        assertThat(endpoint.arrivals()).extracting(Arrival::callback).hasSize(2);
    }

    @Test
    void getWhenRefusedThenEveryListenerBeanIsTold() {
        int before = application
                .bean(RecordingListener.class)
                .of(CallbackEvent.Refused.class)
                .size();

        application.get(PATH);

        assertThat(application.bean(RecordingListener.class).of(CallbackEvent.Refused.class))
                .hasSize(before + 1);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String body) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(endpoint.arrivals()).isEmpty();
    }
}
