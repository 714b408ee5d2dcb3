package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.PATH;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Says that whatever leads to the endpoint inside the webapp is judged, and judged once. */
interface DispatchTests extends WebappTests {

    String FORM = "id=" + TASK_ID + "&code=" + CODE;

    private static String query(String target) {
        return target.substring(target.indexOf('?') + 1);
    }

    private void assertJudged(int accepted, int refused) {
        assertThat(webapp().count(CallbackEvent.Accepted.class)).isEqualTo(accepted);
        assertThat(webapp().count(CallbackEvent.Refused.class)).isEqualTo(refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {PATH, PATH + "?id=1&code=2", PATH + ";x=1?id=1&code=2", "/captcha//callback?id=1&code=2"})
    default void forwardWhenTheCallbackIsForgedThenItReachesNobody(String target) {
        webapp().servlet(
                        "/entry",
                        (request, response) ->
                                request.getRequestDispatcher(target).forward(request, response))
                .start();

        assertThat(webapp().get("/entry").status()).isEqualTo(400);
        assertThat(webapp().handled()).isEmpty();
        assertJudged(0, 1);
    }

    @Test
    default void forwardWhenTheCallbackIsGenuineThenItIsClaimedOnce() {
        webapp().servlet(
                        "/entry",
                        (request, response) -> request.getRequestDispatcher(PATH + "?" + request.getQueryString())
                                .forward(request, response))
                .start();
        String entry = "/entry?" + query(genuine(webapp().issue()));

        assertThat(webapp().get(entry).body()).isEqualTo(Webapp.HANDLED);
        assertThat(webapp().get(entry).status()).isEqualTo(409);
        assertThat(webapp().handled()).hasSize(1);
        assertJudged(1, 1);
    }

    @Test
    default void forwardWhenItHasNoQueryOfItsOwnThenTheOneThatCameIsJudged() {
        webapp().servlet(
                        "/entry",
                        (request, response) ->
                                request.getRequestDispatcher(PATH).forward(request, response))
                .start();
        String issued = webapp().issue();

        assertThat(webapp().send(Call.post("/entry?" + query(issued), FORM)).body())
                .isEqualTo(Webapp.HANDLED);
        webapp().assertClaimed(issued);
    }

    @Test
    default void forwardWhenSomebodyHasAskedForTheWriterThenTheRefusalIsStillTheAnswer() {
        webapp().servlet("/entry", (request, response) -> {
                    response.getWriter().print("begun");
                    request.getRequestDispatcher(PATH).forward(request, response);
                })
                .start();

        Answer answer = webapp().get("/entry");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"malformed callback\"}");
    }

    @Test
    default void includeWhenTheCallbackIsForgedThenItReachesNobody() {
        webapp().servlet(
                        "/entry",
                        (request, response) -> request.getRequestDispatcher(PATH + "?id=1&code=2")
                                .include(request, response))
                .start();

        assertThat(webapp().get("/entry").body()).contains("malformed callback");
        assertThat(webapp().handled()).isEmpty();
        assertJudged(0, 1);
    }

    @Test
    default void includeWhenSomebodyHasAskedForTheWriterThenItReachesNobodyAndNothingFails() {
        webapp().servlet("/entry", (request, response) -> {
                    response.getWriter().print("begun, ");
                    request.getRequestDispatcher(PATH + "?id=1&code=2").include(request, response);
                })
                .start();

        Answer answer = webapp().get("/entry");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("begun, {\"error\":\"malformed callback\"}");
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void includeWhenTheCallbackIsGenuineThenTheApplicationReadsWhatWasVerified() {
        CompletableFuture<String> included = new CompletableFuture<>();
        webapp().endpoint((request, response) -> response.getOutputStream()
                        .print(String.join(",", request.getParameterValues("id")) + " " + request.getParameter("code")
                                + " "
                                + CaptchaCallbackFilter.callback(request)
                                        .map(Callback::taskId)
                                        .orElse("")))
                .servlet(
                        "/entry",
                        (request, response) ->
                                request.getRequestDispatcher(included.join()).include(request, response))
                .start();
        included.complete(genuine(webapp().issue()));

        assertThat(webapp().get("/entry?id=666&code=evil").body()).isEqualTo(TASK_ID + " " + CODE + " " + TASK_ID);
        webapp().assertClaimed(included.join().substring(0, included.join().indexOf('&')));
        assertJudged(1, 1);
    }

    /** A second dispatch of the same request must not find that the first one has left the way open. */
    @ParameterizedTest
    @ValueSource(strings = {PATH + "?id=1&code=2", PATH, "/captcha//callback?id=1&code=2"})
    default void includeWhenTheRequestWasRefusedBeforeThenItIsRefusedAgain(String target) {
        webapp().servlet("/entry", (request, response) -> {
                    request.getRequestDispatcher(target).include(request, response);
                    response.getOutputStream().print(" then ");
                    request.getRequestDispatcher(target).include(request, response);
                })
                .start();

        String refusal = "{\"error\":\"malformed callback\"}";
        assertThat(webapp().get("/entry").body()).isEqualTo(refusal + " then " + refusal);
        assertThat(webapp().handled()).isEmpty();
        assertJudged(0, 1);
    }

    @Test
    default void forwardWhenTheRequestWasRefusedBeforeThenItIsRefusedAgain() {
        webapp().servlet("/entry", (request, response) -> {
                    request.getRequestDispatcher(PATH + "?id=1&code=2").include(request, response);
                    response.resetBuffer();
                    request.getRequestDispatcher(PATH + "?id=1&code=2").forward(request, response);
                })
                .start();

        Answer answer = webapp().get("/entry");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"malformed callback\"}");
        assertThat(webapp().handled()).isEmpty();
        assertJudged(0, 1);
    }

    /** The genuine callback that comes with the second dispatch is not judged, because the body was read for the first. */
    @Test
    default void includeWhenTheRequestWasRefusedBeforeThenAGenuineCallbackIsNotClaimed() {
        CompletableFuture<String> genuine = new CompletableFuture<>();
        webapp().servlet("/entry", (request, response) -> {
                    request.getRequestDispatcher(PATH).include(request, response);
                    request.getRequestDispatcher(genuine.join()).include(request, response);
                })
                .start();
        String issued = webapp().issue();
        genuine.complete(genuine(issued));

        webapp().get("/entry");

        assertThat(webapp().handled()).isEmpty();
        webapp().assertAccepts(issued);
    }

    @Test
    default void includeWhenTheRequestWasRefusedBeforeThenOtherPathsAreIncluded() {
        webapp().servlet("/entry", (request, response) -> {
                    request.getRequestDispatcher(PATH).include(request, response);
                    request.getRequestDispatcher("/view").include(request, response);
                })
                .servlet(
                        "/view",
                        (request, response) -> response.getOutputStream().print(" and a view"))
                .start();

        assertThat(webapp().get("/entry").body()).isEqualTo("{\"error\":\"malformed callback\"} and a view");
    }

    @Test
    default void includeWhenAHandlerHasTakenTheCallbackThenTheEndpointIsNotReached() {
        CompletableFuture<String> genuine = new CompletableFuture<>();
        webapp().delivery(callbacks -> CallbackEndpoint.of(callbacks, callback -> {}, Runnable::run))
                .servlet("/entry", (request, response) -> {
                    request.getRequestDispatcher(genuine.join()).include(request, response);
                    request.getRequestDispatcher(genuine.join()).include(request, response);
                })
                .start();
        genuine.complete(genuine(webapp().issue()));

        assertThat(webapp().get("/entry").body()).isEqualTo("OKOK");
        assertThat(webapp().handled()).isEmpty();
        assertJudged(1, 0);
    }

    @Test
    default void includeWhenItHasNoQueryOfItsOwnThenItReachesNobodyWithoutAGenuineCallback() {
        webapp().servlet(
                        "/entry",
                        (request, response) ->
                                request.getRequestDispatcher(PATH).include(request, response))
                .start();

        webapp().get("/entry?id=1&code=2");

        assertThat(webapp().handled()).isEmpty();
        assertJudged(0, 1);
    }

    @Test
    default void applicationWhenItForwardsToAViewThenTheViewReadsTheCallback() {
        webapp().endpoint((request, response) ->
                        request.getRequestDispatcher("/view").forward(request, response))
                .servlet(
                        "/view",
                        (request, response) -> response.getOutputStream()
                                .print(request.getParameter("code")
                                        + CaptchaCallbackFilter.callback(request)
                                                .isPresent()))
                .start();

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo(CODE + "true");
        webapp().await(CallbackEvent.Settled.class);
    }

    @Test
    default void applicationWhenItIncludesWithParametersThenTheIncludedReadsThemToo() {
        webapp().endpoint((request, response) -> {
                    request.getRequestDispatcher("/view?page=3&code=shown").include(request, response);
                    response.getOutputStream()
                            .print(" " + request.getParameter("page") + " " + request.getParameter("code"));
                })
                .servlet(
                        "/view",
                        (request, response) -> response.getOutputStream()
                                .print(String.join(",", request.getParameterValues("code")) + " "
                                        + request.getParameter("page")))
                .start();

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body())
                .isEqualTo("shown," + CODE + " 3 null " + CODE);
    }

    @Test
    default void applicationWhenItForwardsWithParametersThenTheViewReadsThemToo() {
        webapp().endpoint((request, response) ->
                        request.getRequestDispatcher("/view?page=3").forward(request, response))
                .servlet(
                        "/view",
                        (request, response) -> response.getOutputStream()
                                .print(request.getParameter("code") + " " + request.getParameter("page")))
                .start();

        assertThat(webapp().get(genuine(webapp().issue())).body()).isEqualTo(CODE + " 3");
    }

    @Test
    default void errorPageWhenTheApplicationFailsThenItIsNotJudged() {
        webapp().endpoint((request, response) -> response.sendError(500))
                .servlet(
                        "/oops",
                        (request, response) -> response.getOutputStream().print("oops " + request.getDispatcherType()))
                .errorPage("/oops")
                .start();

        Answer answer = webapp().get(genuine(webapp().issue()));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("oops ERROR");
        webapp().await(CallbackEvent.Released.class);
        assertJudged(1, 0);
    }

    @Test
    default void errorPageWhenItIsTheEndpointItselfThenTheRequestIsJudgedOnce() {
        webapp().endpoint((request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ERROR) {
                        response.getOutputStream().print("oops");
                    } else {
                        response.sendError(500);
                    }
                })
                .errorPage(PATH)
                .start();

        Answer answer = webapp().get(genuine(webapp().issue()));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("oops");
        webapp().await(CallbackEvent.Released.class);
        assertJudged(1, 0);
    }

    @Test
    default void errorPageWhenAnotherRequestFailsThenItDoesNotLeadToTheEndpoint() {
        webapp().servlet("/fails", (request, response) -> response.sendError(500))
                .errorPage(PATH)
                .start();

        webapp().get("/fails?id=1&code=2");

        assertThat(webapp().handled()).isEmpty();
        assertJudged(0, 1);
    }

    @Test
    default void asyncDispatchWhenTheCallbackWasJudgedThenItIsNotJudgedAgain() {
        webapp().endpoint((request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        response.getOutputStream()
                                .print("later " + request.getParameter("code")
                                        + CaptchaCallbackFilter.callback(request)
                                                .isPresent());
                    } else {
                        request.startAsync().dispatch();
                    }
                })
                .start();

        assertThat(webapp().get(genuine(webapp().issue())).body()).isEqualTo("later " + CODE + "true");
        webapp().await(CallbackEvent.Settled.class);
        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo("later " + CODE + "true");
        webapp().await(CallbackEvent.Settled.class);
        assertJudged(2, 0);
    }

    @Test
    default void asyncDispatchWhenItLeadsFromElsewhereThenItIsJudged() {
        webapp().servlet(
                        "/entry",
                        (request, response) -> request.startAsync().dispatch(PATH + "?" + request.getQueryString()))
                .start();
        String issued = webapp().issue();

        assertThat(webapp().get("/entry?id=1&code=2").status()).isEqualTo(400);
        assertThat(webapp().handled()).isEmpty();
        assertThat(webapp().get("/entry?" + query(genuine(issued))).body()).isEqualTo(Webapp.HANDLED);
        webapp().assertClaimed(issued);
        assertJudged(1, 2);
    }

    @Test
    default void filterWhenMappedTwiceThenOneRequestIsOneClaim() {
        webapp().filterMappings("/*", PATH).start();
        String issued = webapp().issue();

        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
        assertJudged(1, 1);
    }

    @Test
    default void filterWhenARequestPassesItTwiceThenOneRequestIsOneClaim() {
        CompletableFuture<Filter> passed = new CompletableFuture<>();
        webapp().filter(callbacks -> {
                    CaptchaCallbackFilter filter = new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks));
                    passed.complete(filter);
                    return filter;
                })
                .declare(context -> {
                    FilterRegistration.Dynamic again = context.addFilter("again", (Filter)
                            (request, response, chain) -> passed.join().doFilter(request, response, chain));
                    again.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
                })
                .start();
        String issued = webapp().issue();

        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
        assertJudged(1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/captcha/callback/eu", "/Captcha/Callback", "/captcha/callback", "/captcha"})
    default void filtersWhenTheirPathsCoverEachOtherThenTheStartStops(String path) {
        try (CaptchaCallbacks other = CaptchaCallbacks.builder()
                .publicUrl("https://callbacks.example" + path)
                .signingKey("k2", "another secret, long enough for HMAC-SHA-256")
                .build()) {
            webapp().declare(context ->
                    webapp().map(context.addFilter("other", new CaptchaCallbackFilter(CallbackEndpoint.of(other)))));

            assertThatThrownBy(() -> webapp().tryStart())
                    .hasStackTraceContaining(
                            "cover each other, because a guarded path includes all paths below it, in any"
                                    + " case. Give one of them another captcha.callback.public-url or captcha.callback.path.")
                    .hasStackTraceContaining(path)
                    .hasStackTraceContaining(PATH);
        }
    }

    @Test
    default void filtersWhenTwoGuardTwoEndpointsThenEachJudgesItsOwn() {
        try (CaptchaCallbacks other = CaptchaCallbacks.builder()
                .publicUrl("https://callbacks.example/other/callback")
                .signingKey("k2", "another secret, long enough for HMAC-SHA-256")
                .set("require-https", "false")
                .build()) {
            webapp().declare(context -> webapp().map(
                                    context.addFilter("other", new CaptchaCallbackFilter(CallbackEndpoint.of(other)))))
                    .servlet("/other/callback", (request, response) -> response.setStatus(204))
                    .start();
            String issued = Webapp.target(other.issue());

            assertThat(webapp().get(issued + "&id=1&code=2").status()).isEqualTo(204);
            assertThat(webapp().get(issued + "&id=1&code=2").status()).isEqualTo(409);
            webapp().assertAccepts(webapp().issue());
            assertJudged(1, 0);
        }
    }
}
