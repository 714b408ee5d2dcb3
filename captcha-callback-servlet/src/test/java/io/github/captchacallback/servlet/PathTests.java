package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.PATH;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.CallbackEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says which requests are judged, and that no spelling of the path leads around the filter. */
interface PathTests extends WebappTests {

    String FORM = "id=" + TASK_ID + "&code=" + CODE;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/captcha/callback;jsessionid=1234",
                "/captcha/callback;x=%2F",
                "/captcha/callback;%2Fx",
                "/captcha/callback;x=a%2Fb",
                "/captcha;%2Fx/callback",
                "/captcha/callback;%5Cx",
                "/captcha/%63allback",
                "/captcha//callback",
                "/captcha/callback/",
                "/CAPTCHA/CALLBACK",
                "/captcha/x/../callback",
            })
    default void endpointWhenItTakesEverySpellingThenTheFilterKeepsThemAll(String path) {
        webapp().servlet("/*", (request, response) -> response.getOutputStream().print("reached"))
                .endpoint((request, response) -> response.getOutputStream().print("reached"))
                .start();

        assertThat(webapp().get(path + "?id=1&code=2").status()).isEqualTo(400);
    }

    /** What one container or another takes for the endpoint's path if it is told to be lenient. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/captcha/%u0063allback",
                "/captcha/callbac%u006B",
                "http://callbacks.example/captcha/callback/",
                "http://callbacks.example/captcha/%63allback",
                "http://callbacks.example/captcha%2Fcallback",
                "http://callbacks.example/captcha/callback;x",
                "http://callbacks.example//captcha/callback",
                "/captcha%2Fcallback",
                "/captcha%5Ccallback",
                "/captcha\\callback",
                "/captcha/x%2F..%2Fcallback",
                "/captcha/x//../../callback",
                "/captcha/%C1%A3allback",
                "/captcha%C0%AFcallback",
                "/captcha/callbac%E2%84%AA",
                "/captcha/callbac\u00E2\u0084\u00AA",
                "/captcha/%0Fcallback",
                "/captcha/callback%00",
                "/captcha/callback#x",
                "/captcha/;x/callback",
                "/;x/captcha/callback",
            })
    default void endpointWhenTheContainerIsLenientThenNoSpellingReachesItUnverified(String path) {
        webapp().lenient()
                .endpoint((request, response) -> response.getOutputStream().print("reached"))
                .start();

        Answer answer = webapp().get(path + "?id=1&code=2");

        assertThat(answer.status()).isIn(0, 400, 404);
        assertThat(answer.body()).doesNotContain("reached");
    }

    @Test
    default void endpointWhenItIsAWelcomeFileThenItIsNotReachedUnverified() {
        webapp().file("captcha/other.txt", "another file")
                .welcomeFile("callback")
                .endpoint((request, response) -> response.getOutputStream().print("reached"))
                .start();

        Answer answer = webapp().get("/captcha/?id=1&code=2");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"malformed callback\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/captcha/callback/extra",
                "/captcha/callback/",
                "/captcha/callback/a/b",
                "/captcha/callback/%65xtra"
            })
    default void endpointWhenItIsMappedByPrefixThenNothingBelowItIsReachedUnverified(String path) {
        webapp().endpointAt(
                        PATH + "/*",
                        (request, response) -> response.getOutputStream().print("reached"))
                .start();

        assertThat(webapp().get(path + "?id=1&code=2").status()).isEqualTo(400);
        assertThat(webapp().get(webapp().issue().replace(PATH, path) + "&" + FORM)
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/shop", "/shop/eu", "/captcha"})
    default void callbackWhenTheWebappHasAContextPathThenItIsJudgedThere(String contextPath) {
        webapp().contextPath(contextPath).start();
        String issued = webapp().issue();

        assertThat(issued).startsWith(contextPath + PATH + "?");
        assertThat(webapp().get(contextPath + PATH + "?id=1&code=2").status()).isEqualTo(400);
        assertThat(webapp().get(issued.replace(contextPath + PATH, contextPath + "/." + PATH) + "&" + FORM)
                        .status())
                .isEqualTo(400);
        assertThat(webapp().get(issued.replace(contextPath + PATH, PATH) + "&" + FORM)
                        .status())
                .isEqualTo(404);
        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
    }

    @ParameterizedTest
    @CsvSource({
        "/captcha/callback, /captcha/callback, , /captcha/callback",
        "/captcha/callback, /captcha/*, /callback, /captcha",
        "/captcha/callback, /captcha/callback/*, , /captcha/callback",
        "/captcha/callback, /*, /captcha/callback, ''",
        "/captcha/callback, /, , /captcha/callback",
        "/captcha/callback.do, *.do, , /captcha/callback.do",
    })
    default void callbackWhenItsServletIsMappedThisWayThenItHasTheCallbackAndItsOwnPaths(
            String path, String mapping, @Nullable String pathInfo, String servletPath) {
        webapp().set("public-url", "https://callbacks.example/shop" + path)
                .contextPath("/shop")
                .endpointAt(
                        mapping,
                        (request, response) -> response.getOutputStream()
                                .print(CaptchaCallbackFilter.callback(request).isPresent() + " "
                                        + request.getContextPath() + " " + request.getServletPath() + " "
                                        + request.getPathInfo()))
                .start();
        String issued = webapp().issue();

        assertThat(webapp().get("/shop" + path + "?id=1&code=2").status()).isEqualTo(400);
        assertThat(webapp().get(genuine(issued)).body()).isEqualTo("true /shop " + servletPath + " " + pathInfo);
        webapp().assertClaimed(issued);
    }

    @ParameterizedTest
    @ValueSource(strings = {PATH, "/captcha/*", "*.do", "/"})
    default void filterWhenItIsNotMappedToEveryPathThenTheStartStops(String mapping) {
        webapp().filterMappings(mapping);

        assertThatThrownBy(() -> webapp().tryStart())
                .hasStackTraceContaining("The filter captcha-callback is mapped to [" + mapping
                        + "], so requests can reach the callback endpoint without it. Map it to /* and to the dispatchers"
                        + " REQUEST, FORWARD, INCLUDE, ASYNC and ERROR.");
    }

    @Test
    default void filterWhenItHasNoMappingThenTheStartStops() {
        webapp().filterMappings();

        assertThatThrownBy(() -> webapp().tryStart())
                .hasStackTraceContaining(
                        "The filter captcha-callback is mapped to [], so requests can reach the callback"
                                + " endpoint without it. Map it to /*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/elsewhere",
                "/captcha/callbackfoo",
                "/captcha",
                "/xcaptcha/callback",
                "/captcha/callback.json",
                "/",
            })
    default void requestWhenItIsForAnotherPathThenItPassesUntouched(String path) {
        webapp().servlet("/*", PathTests::describe).start();
        String issued = webapp().issue();

        Answer answer = webapp().send(Call.post(issued.replace(PATH, path), FORM));

        assertThat(answer.body()).isEqualTo(FORM + " {} null");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKeys("Cache-Control", "Referrer-Policy");
        assertThat(webapp().count(CallbackEvent.class)).isEqualTo(1);
    }

    private static void describe(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String ours = Collections.list(request.getAttributeNames()).stream()
                .filter(name -> name.startsWith("io.github.captchacallback"))
                .toList()
                .toString()
                .replace("[", "{")
                .replace("]", "}");
        response.getOutputStream().print(body + " " + ours + " " + request.getParameter("id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "BREW"})
    default void requestWhenItIsForAnotherPathThenAnyMethodPasses(String method) {
        webapp().servlet("/elsewhere", (request, response) -> response.setStatus(204))
                .start();

        assertThat(webapp().send(Call.of(method, "/elsewhere")).status()).isEqualTo(204);
    }
}
