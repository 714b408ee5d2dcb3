package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Says where callbacks arrive in an application that does not stand at the root, or behind a proxy. */
@ExtendWith(OutputCaptureExtension.class)
class PlacesTest {

    private static final String FORWARDED = "X-Forwarded-For";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(RecordingController.class)
    static class Application {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class WithoutEndpoint {}

    @Test
    void getWhenNothingIsMappedToThePathThenTheLogSaysWhatToDo(CapturedOutput output) {
        try (TestApplication application = TestApplication.start(WithoutEndpoint.class)) {
            assertThat(application.get(solved(application.issue(), "x")).statusCode())
                    .isEqualTo(404);
        }
        assertThat(output).contains("the application answered 404; no endpoint takes it: map one to the callback path");
    }

    @Test
    void getWhenTheApplicationHasAContextPathThenItIsPartOfTheCallbackPath() {
        try (TestApplication application = TestApplication.start(
                Application.class,
                "server.servlet.context-path=/shop",
                "captcha.callback.public-url=https://your-server.com/shop" + PATH)) {
            assertGuarded(application, "/shop" + PATH);
        }
    }

    @Test
    void getWhenTheDispatcherServletHasAPathThenItIsPartOfTheCallbackPath() {
        try (TestApplication application = TestApplication.start(
                Application.class,
                "spring.mvc.servlet.path=/api",
                "captcha.callback.public-url=https://your-server.com/api" + PATH)) {
            assertGuarded(application, "/api" + PATH);
        }
    }

    @Test
    void getWhenAProxyRewritesThePathThenThePathOfTheSettingsIsGuarded() {
        try (TestApplication application = TestApplication.start(
                Application.class,
                "captcha.callback.public-url=https://your-server.com/outside",
                "captcha.callback.path=" + PATH)) {
            String rewritten = solved(application.issue().replace("/outside", PATH), "x");

            assertThat(application.get(rewritten).statusCode()).isEqualTo(200);
            assertThat(application.get(PATH).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void getWhenTheTokenStandsInThePathThenTheControllerOfThatPathIsReached() {
        try (TestApplication application =
                TestApplication.start(TokenInPath.class, "captcha.callback.signature.url-style=path")) {
            String issued = application.issue();

            HttpResponse<String> answer = application.get(issued + "?id=4711&code=x");

            assertThat(issued).startsWith(PATH + "/v1.").doesNotContain("?");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("task 4711");
            assertThat(application.get(issued + "?id=4711&code=x").statusCode()).isEqualTo(409);
            assertThat(application.get(PATH + "/forged?id=4711&code=x").statusCode())
                    .isEqualTo(400);
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(TokenInPathEndpoint.class)
    static class TokenInPath {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(RecordingController.class)
    static class OpenToEveryone {

        @Bean
        SecurityFilterChain everyone(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @Test
    void getWhenOtherPathsAreOpenToEveryoneThenNoSpellingOfTheCallbackPathIs() {
        try (TestApplication application = TestApplication.start(OpenToEveryone.class)) {
            String target = solved(application.issue(), "x");

            assertThat(List.of(
                            "/captcha/callback/",
                            "/%63aptcha/callback",
                            "/captcha/callbac%6b",
                            "/CAPTCHA/callback",
                            "//captcha/callback",
                            "/captcha/callback;x=1",
                            "/captcha/%2563allback"))
                    .allSatisfy(spelling -> assertThat(application
                                    .get(target.replace(PATH, spelling))
                                    .statusCode())
                            .isEqualTo(400));
            assertThat(application.bean(RecordingController.class).arrivals()).isEmpty();
        }
    }

    @Test
    void getWhenAProxyIsTrustedThenItsWordForTheClientAndForHttpsCounts() {
        try (TestApplication application = TestApplication.start(
                Application.class,
                "captcha.callback.require-https=true",
                "captcha.callback.source.trusted-proxies=127.0.0.1",
                "captcha.callback.source.allow=192.0.2.0/24")) {
            String target = solved(application.issue(), "x");

            assertThat(application
                            .send(
                                    target,
                                    request -> request.GET()
                                            .header(FORWARDED, "192.0.2.7")
                                            .header("X-Forwarded-Proto", "http"))
                            .body())
                    .isEqualTo("{\"error\":\"https required\"}");
            assertThat(application
                            .send(
                                    target,
                                    request -> request.GET()
                                            .header(FORWARDED, "192.0.2.7, 198.51.100.1")
                                            .header("X-Forwarded-Proto", "https"))
                            .body())
                    .isEqualTo("{\"error\":\"forbidden\"}");
            assertThat(application
                            .send(
                                    target,
                                    request -> request.GET()
                                            .header(FORWARDED, "198.51.100.1, 192.0.2.7")
                                            .header("X-Forwarded-Proto", "https"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** Pitfall 8: Spring's filter takes the client's word for its address, and for a prefix of the path as well. */
    @Test
    void getWhenSpringBelievesForwardedHeadersThenWhatWasSentIsJudgedAllTheSame() {
        try (TestApplication application = TestApplication.start(
                OpenToEveryone.class,
                "server.forward-headers-strategy=framework",
                "captcha.callback.source.allow=192.0.2.0/24")) {
            String target = solved(application.issue(), "x");

            assertThat(forwarded(application, PATH + "?id=1&code=2", FORWARDED, "192.0.2.7"))
                    .isEqualTo("{\"error\":\"forbidden\"}");
            assertThat(forwarded(application, target, FORWARDED, "192.0.2.7")).isEqualTo("{\"error\":\"forbidden\"}");
            assertThat(forwarded(application, target, "Forwarded", "for=192.0.2.7"))
                    .isEqualTo("{\"error\":\"forbidden\"}");
            assertThat(forwarded(application, target, "X-Forwarded-Prefix", "/elsewhere"))
                    .isEqualTo("{\"error\":\"forbidden\"}");
            assertThat(application.bean(RecordingController.class).arrivals()).isEmpty();
        }
    }

    @Test
    void getWhenSpringBelievesForwardedHeadersThenOurOwnProxiesAreStillReadFromTheRight() {
        try (TestApplication application = TestApplication.start(
                OpenToEveryone.class,
                "server.forward-headers-strategy=framework",
                "captcha.callback.source.trusted-proxies=127.0.0.1",
                "captcha.callback.source.allow=192.0.2.0/24")) {
            String target = solved(application.issue(), "x");

            assertThat(forwarded(application, target, FORWARDED, "192.0.2.7, 198.51.100.1"))
                    .isEqualTo("{\"error\":\"forbidden\"}");
            assertThat(forwarded(application, target, FORWARDED, "198.51.100.1, 192.0.2.7"))
                    .isEqualTo(RecordingController.HANDLED);
        }
    }

    private static String forwarded(TestApplication application, String target, String header, String value) {
        return application
                .send(target, request -> request.GET().header(header, value))
                .body();
    }

    private static void assertGuarded(TestApplication application, String path) {
        String target = solved(application.issue(), "x");

        assertThat(target).startsWith(path);
        assertThat(application.get(target).body()).isEqualTo(RecordingController.HANDLED);
        assertThat(application.get(target).statusCode()).isEqualTo(409);
        assertThat(application.get(path + "?id=1&code=2").statusCode()).isEqualTo(400);
        assertThat(application.bean(RecordingController.class).arrivals()).hasSize(1);
    }
}
