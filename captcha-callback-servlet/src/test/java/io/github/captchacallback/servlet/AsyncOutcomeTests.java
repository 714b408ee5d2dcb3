package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.await;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CallbackEvent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says how an answer that comes later, from another thread, ends the claim. */
interface AsyncOutcomeTests extends WebappTests {

    /** Jetty forgets a request whose time is over before it has taken the request back. */
    int TIMEOUT_MILLIS = 200;

    /** Names how an application goes asynchronous. */
    enum Start {
        PLAIN,
        WITH_ITS_OWN_REQUEST,
        ON_THE_CONTAINERS_REQUEST
    }

    private static AsyncContext start(Start start, HttpServletRequest request, HttpServletResponse response) {
        return switch (start) {
            case PLAIN -> request.startAsync();
            case WITH_ITS_OWN_REQUEST -> request.startAsync(request, response);
            case ON_THE_CONTAINERS_REQUEST -> unwrapped(request).startAsync();
        };
    }

    /** Does what some frameworks do: it looks behind the wrappers for the request that the container has made. */
    private static ServletRequest unwrapped(ServletRequest request) {
        return request instanceof ServletRequestWrapper wrapper ? unwrapped(wrapper.getRequest()) : request;
    }

    /** Has the endpoint do this to the first callback, and answer 200 to others. */
    private void startWithFirst(Endpoint first) {
        AtomicInteger calls = new AtomicInteger();
        webapp().endpoint((request, response) -> {
                    if (request.getDispatcherType() != DispatcherType.REQUEST || calls.getAndIncrement() == 0) {
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

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenItAnswersLaterThenTheClaimIsSettledAtCompletion(Start how) {
        CountDownLatch returned = new CountDownLatch(1);
        CompletableFuture<AsyncContext> context = new CompletableFuture<>();
        webapp().declare(servletContext -> {
            FilterRegistration.Dynamic outermost =
                    servletContext.addFilter("outermost", (Filter) (request, response, chain) -> {
                        chain.doFilter(request, response);
                        returned.countDown();
                    });
            outermost.setAsyncSupported(true);
            outermost.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        });
        startWithFirst((request, response) -> context.complete(start(how, request, response)));
        String issued = webapp().issue();

        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> webapp().get(genuine(issued)));
        await(returned);
        assertThat(webapp().count(CallbackEvent.Settled.class)).isZero();
        webapp().assertClaimed(issued);
        context.join().complete();

        assertThat(answer.join().status()).isEqualTo(200);
        assertSettled(issued);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenItCompletesBeforeItReturnsThenTheClaimIsSettled(Start how) {
        startWithFirst((request, response) -> start(how, request, response).complete());
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(200);
        assertSettled(issued);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenAnotherThreadCompletesBeforeItReturnsThenTheAnswerCounts(Start how) {
        startWithFirst((request, response) -> {
            AsyncContext context = start(how, request, response);
            CountDownLatch completed = new CountDownLatch(1);
            context.start(() -> {
                response.setStatus(503);
                context.complete();
                completed.countDown();
            });
            await(completed);
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(503);
        assertReleased(issued);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    default void applicationWhenItAnswersLaterFrom500OnThenTheRepeatGetsThrough(int status) {
        startWithFirst((request, response) -> {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                response.setStatus(status);
                context.complete();
            });
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(status);
        assertReleased(issued);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenItNeverAnswersThenTheRepeatGetsThroughAtTheTimeout(Start how) {
        startWithFirst((request, response) -> start(how, request, response).setTimeout(TIMEOUT_MILLIS));
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(500);
        assertReleased(issued);
    }

    @Test
    default void applicationWhenItAnswersAtTheTimeoutThenTheClaimIsSettled() {
        startWithFirst((request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            context.addListener(new OnTimeout(event -> {
                ((HttpServletResponse) event.getAsyncContext().getResponse()).setStatus(202);
                event.getAsyncContext().complete();
            }));
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(202);
        assertSettled(issued);
    }

    @Test
    default void applicationWhenItAnswersWith503AtTheTimeoutThenTheRepeatGetsThrough() {
        startWithFirst((request, response) -> {
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            context.addListener(new OnTimeout(event -> {
                ((HttpServletResponse) event.getAsyncContext().getResponse()).setStatus(503);
                event.getAsyncContext().complete();
            }));
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(503);
        assertReleased(issued);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenItThrowsInALaterDispatchThenTheRepeatGetsThrough(Start how) {
        startWithFirst((request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                throw new IllegalStateException("on purpose");
            }
            start(how, request, response).dispatch();
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(500);
        assertReleased(issued);
    }

    @Test
    default void applicationWhenItThrowsAfterItWentAsynchronousThenTheRepeatGetsThrough() {
        startWithFirst((request, response) -> {
            request.startAsync();
            throw new IllegalStateException("on purpose");
        });
        String issued = webapp().issue();

        // Tomcat closes such a connection without an answer.
        assertThat(webapp().get(genuine(issued)).status()).isIn(0, 500);
        assertReleased(issued);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenALaterDispatchAnswersThenTheClaimIsSettled(Start how) {
        startWithFirst((request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                start(how, request, response).dispatch();
            } else {
                response.setStatus(202);
            }
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(202);
        assertSettled(issued);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenItGoesAsynchronousAgainThenTheLastCompletionCounts(Start how) {
        startWithFirst((request, response) -> {
            AsyncContext context = start(how, request, response);
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                context.dispatch();
            } else {
                response.setStatus(503);
                context.complete();
            }
        });
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(503);
        assertReleased(issued);
        assertThat(webapp().count(CallbackEvent.Accepted.class)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    default void applicationWhenItGoesAsynchronousBehindAFilterThatDoesNotThenTheRepeatGetsThrough(Start how) {
        webapp().withoutAsyncSupport();
        // Jetty lets its own request go asynchronous all the same.
        startWithFirst((request, response) -> start(how, request, response).setTimeout(TIMEOUT_MILLIS));
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(500);
        assertReleased(issued);
    }

    @Test
    default void applicationWhenItAnswersAtOnceBehindAFilterWithoutAsynchronyThenTheClaimIsSettled() {
        webapp().withoutAsyncSupport();
        startWithFirst((request, response) -> response.setStatus(request.isAsyncSupported() ? 500 : 202));
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(202);
        assertSettled(issued);
    }

    @Test
    default void clientWhenItHangsUpOnALaterAnswerThenTheClaimIsSettled() throws IOException {
        startWithFirst((request, response) -> {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                try {
                    OutcomeTests.writeUntilTheClientIsGone(response);
                } catch (IOException e) {
                    context.complete();
                }
            });
        });
        String issued = webapp().issue();

        OutcomeTests.hangUpOn(Call.get(genuine(issued)), webapp());

        // No repeat is sent: where threads meet on a broken connection, Tomcat answers the next request with a 500.
        webapp().await(CallbackEvent.Settled.class);
        assertThat(webapp().count(CallbackEvent.Released.class)).isZero();
    }

    /** Answers in the application's name when it is too late for its own answer. */
    record OnTimeout(Step step) implements AsyncListener {

        /** Does something. */
        @FunctionalInterface
        interface Step {
            void run(AsyncEvent event);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            step.run(event);
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
