package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Says how the application's answer ends the claim: below 500 it has the callback, and else the callback may come again. */
interface OutcomeTests extends WebappTests {

    /** Has the endpoint do this to the first callback, and answer 200 to others. */
    private void startWithFirst(Endpoint first) {
        AtomicInteger calls = new AtomicInteger();
        webapp().endpoint((request, response) -> {
                    if (calls.getAndIncrement() == 0) {
                        first.serve(request, response);
                    }
                })
                .start();
    }

    private void assertSettled(String issued) {
        webapp().await(CallbackEvent.Settled.class);
        webapp().assertClaimed(issued);
        assertThat(webapp().count(CallbackEvent.Released.class)).isZero();
    }

    private void assertReleased(String issued) {
        webapp().await(CallbackEvent.Released.class);
        webapp().assertAccepts(issued);
        webapp().await(CallbackEvent.Settled.class);
        webapp().assertClaimed(issued);
    }

    @Test
    default void applicationWhenItThrowsAServletExceptionThenTheRepeatGetsThrough() {
        assertThrowingReleases((request, response) -> {
            throw new ServletException("on purpose");
        });
    }

    @Test
    default void applicationWhenItsOwnInputFailsThenTheRepeatGetsThrough() {
        assertThrowingReleases((request, response) -> {
            response.getOutputStream().print("not sent yet");
            throw new IOException("on purpose, of the application's own database");
        });
    }

    @Test
    default void applicationWhenItThrowsAnErrorThenTheRepeatGetsThrough() {
        assertThrowingReleases((request, response) -> {
            throw new AssertionError("on purpose");
        });
    }

    /** A wrapper, or a listener for attributes, may fail before the application is there to. */
    @Test
    default void applicationWhenItDoesNotEvenGetTheCallbackThenTheRepeatGetsThrough() {
        AtomicBoolean failing = new AtomicBoolean(true);
        webapp().declare(context -> {
                    FilterRegistration.Dynamic before =
                            context.addFilter("before", (Filter) (request, response, chain) -> chain.doFilter(
                                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                                        @Override
                                        public void setAttribute(String name, Object value) {
                                            if (value instanceof Callback && failing.getAndSet(false)) {
                                                throw new IllegalStateException("on purpose");
                                            }
                                            super.setAttribute(name, value);
                                        }
                                    },
                                    response));
                    before.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
                })
                .start();
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(500);
        assertReleased(issued);
    }

    private void assertThrowingReleases(Endpoint throwing) {
        startWithFirst(throwing);
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(500);
        assertReleased(issued);
    }

    @Test
    default void clientWhenItHangsUpOnTheAnswerThenTheClaimIsSettled() throws IOException {
        startWithFirst((request, response) -> writeUntilTheClientIsGone(response));
        String issued = webapp().issue();

        hangUpOn(Call.get(genuine(issued)), webapp());

        assertSettled(issued);
    }

    @Test
    default void clientWhenItHangsUpOnAnErrorPageThenTheRepeatGetsThrough() throws IOException {
        startWithFirst((request, response) -> {
            response.setStatus(500);
            writeUntilTheClientIsGone(response);
        });
        String issued = webapp().issue();

        hangUpOn(Call.get(genuine(issued)), webapp());

        assertReleased(issued);
    }

    /** Reads the beginning of an answer, and closes the connection. */
    static void hangUpOn(Call call, Webapp webapp) throws IOException {
        try (Socket socket = call.open(webapp.port(), false)) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            // What is unread is thrown away, so that the server sees a reset.
            socket.setSoLinger(true, 0);
        }
    }

    /** Writes more than all buffers between here and the client hold. */
    static void writeUntilTheClientIsGone(HttpServletResponse response) throws IOException {
        ServletOutputStream out = response.getOutputStream();
        byte[] page = new byte[64 * 1024];
        for (int i = 0; i < 10_000; i++) {
            out.write(page);
            out.flush();
        }
        throw new UncheckedIOException(new IOException("The client took everything"));
    }
}
