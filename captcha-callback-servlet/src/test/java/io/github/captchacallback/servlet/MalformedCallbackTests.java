package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CallbackEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Says that what is not in form is refused, and costs the genuine callback nothing. */
interface MalformedCallbackTests extends WebappTests {

    String FORM = "id=" + TASK_ID + "&code=" + CODE;

    /** Asserts that a call is answered with 400, reaches nobody, and leaves the genuine callback to come. */
    private void assertMalformed(String issued, Call call) {
        assertThat(webapp().send(call).status()).as(call.toString()).isEqualTo(400);
        assertLeftNothing(issued);
    }

    private void assertLeftNothing(String issued) {
        assertThat(webapp().handled()).isEmpty();
        assertThat(webapp().count(CallbackEvent.Accepted.class)).isZero();
        webapp().assertAccepts(issued);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&id=1",
                "&code=2",
                "&id=&code=2",
                "&id=1&code=",
                "&id&code",
                "&id=1&id=1&code=2",
                "&id=1&code=2&code=2",
                "&id=1&code=2&code=3",
                "&id=1&id[]=1&code=2",
                "&id[]=1&code=2",
                "&id=1&code[0]=2",
                "&id=1&code=2&code%5B%5D=3",
                "&id=1&code=2&c%6fde=3",
                "&id=1&code=2&token=x",
                "&id=1&code=2&token[]=x",
                "&id=a%20b&code=2",
                "&id=%0a1&code=2",
                "&id=1&code=%zz",
                "&id=1&code=%2",
                "&id=1&code=%",
                "&id=1&code=%ff",
                "&id=%E0%80&code=2",
                "&id=1&code=2&%zz=3",
                "&ID=1&CODE=2",
            })
    default void getWhenAParameterIsMissingTwiceOrOutOfShapeThen400(String parameters) {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.get(issued + parameters));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id=1",
                "id=1&id=2&code=3",
                "id=1&code=2&code[]=3",
                "id=1&code=%zz",
                "id=1&code=%ff",
                "id=1&code=%",
                "id=1&code=2&token=x",
                "{\"id\":\"1\",\"code\":\"2\"}",
                "\u0000\u0001\u0002",
            })
    default void postWhenAParameterIsMissingTwiceOrOutOfShapeThen400(String form) {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.post(issued, form));
    }

    @Test
    default void postWhenAParameterStandsInQueryAndBodyThen400() {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.post(issued + "&id=1", "id=1&code=2"));
    }

    @Test
    default void postWhenTheTokenStandsInTheBodyThen400() {
        webapp().start();
        String issued = webapp().issue();
        String token = issued.substring(issued.indexOf('?') + 1);

        assertMalformed(issued, Call.post(Webapp.PATH, token + "&id=1&code=2"));
    }

    @Test
    default void getWhenItHasABodyThatRepeatsAParameterThen400() {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(
                issued,
                Call.get(genuine(issued)).header("Content-Type", Call.FORM).body("code=other"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded; charset=utf-16",
                "application/x-www-form-urlencoded, text/plain",
                "application/x-www-form-urlencodedx",
            })
    default void postWhenTheTypeIsNoFormThen400(String type) {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(
                issued, Call.of("POST", issued).header("Content-Type", type).body(FORM));
    }

    @Test
    default void postWhenItHasNoTypeThen400() {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.of("POST", issued).body(FORM));
    }

    @Test
    default void codeWhenItIsTooLongThen400() {
        webapp().set("max-code-length", "100").start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.post(issued, "id=1&code=" + "x".repeat(101)));
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 1_000_000})
    default void postWhenTheBodyIsTooLongThen400(int length) {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.post(issued, FORM + "&x=" + "x".repeat(length)));
    }

    @Test
    default void postWhenAChunkedBodyIsTooLongThen400() {
        webapp().start();
        String issued = webapp().issue();
        Call call = Call.of("POST", issued).header("Content-Type", Call.FORM);

        assertMalformed(issued, call.chunkedBody(FORM + "&x=" + "x".repeat(100_000), 1_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nid=1&code=2\r\n0\r\n\r\n",
                "-1\r\nid=1&code=2\r\n0\r\n\r\n",
                "b\r\nid=1&code=2XX0\r\n\r\n",
                "fffffffffffffffff\r\nid=1&code=2\r\n0\r\n\r\n",
            })
    default void postWhenTheChunksAreBrokenThenItIsRefusedAndNothingIsClaimed(String chunks) {
        webapp().start();
        String issued = webapp().issue();
        Call call = Call.of("POST", issued)
                .header("Content-Type", Call.FORM)
                .header("Transfer-Encoding", "chunked")
                .rawBody(chunks);

        assertThat(webapp().send(call.endingEarly()).status()).isIn(0, 400);
        assertLeftNothing(issued);
    }

    @Test
    default void postWhenTheChunksBreakOffThenItIsRefusedAndNothingIsClaimed() {
        webapp().start();
        String issued = webapp().issue();
        Call call = Call.of("POST", issued)
                .header("Content-Type", Call.FORM)
                .header("Transfer-Encoding", "chunked")
                .rawBody("b\r\nid=1&code=2\r\n");

        assertThat(webapp().send(call.endingEarly()).status()).isIn(0, 400);
        assertLeftNothing(issued);
    }

    @Test
    default void postWhenTheClientHangsUpBeforeTheEndThenItIsRefusedAndNothingIsClaimed() {
        webapp().start();
        String issued = webapp().issue();
        Call call = Call.of("POST", issued)
                .header("Content-Type", Call.FORM)
                .header("Content-Length", "1000")
                .rawBody(FORM);

        assertThat(webapp().send(call.endingEarly()).status()).isIn(0, 400);
        assertLeftNothing(issued);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW", "get"})
    default void callbackWhenTheMethodIsAnotherThenItIsRefusedAndNothingIsClaimed(String method) {
        webapp().start();
        String issued = webapp().issue();

        assertThat(webapp().send(Call.of(method, genuine(issued))).status()).isEqualTo(405);
        assertLeftNothing(issued);
    }

    @Test
    default void putWhenItHasAFormThenItIsRefusedAndNothingIsClaimed() {
        webapp().start();
        String issued = webapp().issue();
        Call call = Call.of("PUT", issued).header("Content-Type", Call.FORM).body(FORM);

        assertThat(webapp().send(call).status()).isEqualTo(405);
        assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenAHeaderWouldChangeTheMethodThenItCountsForNothing() {
        webapp().start();
        String issued = webapp().issue();

        assertThat(webapp().send(Call.of("HEAD", genuine(issued))
                                .header("X-HTTP-Method-Override", "GET")
                                .header("X-Method-Override", "GET"))
                        .status())
                .isEqualTo(405);
        assertLeftNothing(issued);
    }

    @Test
    default void bodyWhenNobodyHasReadItThenItIsNotTakenForTheNextRequest() {
        webapp().start();
        String smuggled = webapp().issue();
        String request = "GET " + genuine(smuggled) + " HTTP/1.1\r\nHost: callbacks.example\r\n\r\n";
        Call call = new Call(
                "PUT " + Webapp.PATH + " HTTP/1.1\r\nHost: callbacks.example\r\nContent-Length: " + request.length()
                        + "\r\n",
                request,
                1,
                true);

        assertThat(webapp().send(call).status()).isEqualTo(405);
        assertLeftNothing(smuggled);
    }

    /** Declares a filter before ours. */
    private void declareBefore(Filter filter) {
        webapp().declare(context -> {
            FilterRegistration.Dynamic before = context.addFilter("before", filter);
            before.setAsyncSupported(true);
            before.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        });
    }

    @Test
    default void postWhenAFilterBeforeHasTakenTheReaderThen400() {
        declareBefore((request, response, chain) -> {
            request.getReader();
            chain.doFilter(request, response);
        });
        webapp().start();

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).status()).isEqualTo(400);
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void postWhenAFilterBeforeHasReadTheParametersThen400() {
        declareBefore((request, response, chain) -> {
            request.getParameter("id");
            chain.doFilter(request, response);
        });
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.post(issued, FORM));
    }
}
