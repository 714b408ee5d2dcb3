package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.PATH;
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

    @Test
    default void codeWhenItIsTooLongThen400() {
        webapp().set("max-code-length", "100").start();
        String issued = webapp().issue();

        assertMalformed(issued, Call.post(issued, "id=1&code=" + "x".repeat(101)));
    }

    @Test
    default void postWhenTheBodyIsFarTooLongThen400() {
        webapp().start();
        String issued = webapp().issue();

        // Beyond the limit of 57,344 bytes, and small enough to be sent whole before a server closes on what it has not
        // read.
        assertMalformed(issued, Call.post(issued, FORM + "&x=" + "x".repeat(100_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "PROPFIND", "BREW", "get"})
    default void callbackWhenTheMethodIsUnheardOfThenItIsRefusedAndNothingIsClaimed(String method) {
        webapp().start();
        String issued = webapp().issue();

        assertThat(webapp().send(Call.of(method, genuine(issued))).status()).isEqualTo(405);
        assertLeftNothing(issued);
    }

    /** Declares a filter before ours. */
    private void declareBefore(Filter filter) {
        webapp().declare(context -> {
            FilterRegistration.Dynamic before = context.addFilter("before", filter);
            before.setAsyncSupported(true);
            before.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        });
    }

    /** Jetty throws for a charset that Java does not have when it is asked for the type. */
    @ParameterizedTest
    @ValueSource(strings = {"x/y;charset=utf-7", "text/plain; charset=%", "application/json;charset=\"no such\""})
    default void postWhenTheContainerCannotReadTheTypeThen400(String type) {
        webapp().start();
        String issued = webapp().issue();

        assertMalformed(
                issued, Call.of("POST", issued).header("Content-Type", type).body(FORM));
        assertThat(webapp().send(Call.of("POST", PATH)
                                .header("Content-Type", type)
                                .body(FORM))
                        .status())
                .isEqualTo(400);
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
