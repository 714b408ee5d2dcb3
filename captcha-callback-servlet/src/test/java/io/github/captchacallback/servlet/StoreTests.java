package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.store.CallbackStoreException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what comes of a store that fails, and of callbacks that meet in it. */
interface StoreTests extends WebappTests {

    private static void fail() {
        throw new CallbackStoreException("on purpose");
    }

    private static void answerLater(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync();
        context.start(() -> {
            response.setStatus(202);
            context.complete();
        });
    }

    @Test
    default void storeWhenItIsBackThenTheRepeatGetsThrough() {
        AtomicBoolean away = new AtomicBoolean(true);
        webapp().store(store -> new FailingStore(store).onClaim(() -> {
                    if (away.get()) {
                        fail();
                    }
                }))
                .start();
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(503);
        assertThat(webapp().handled()).isEmpty();
        away.set(false);
        webapp().assertAccepts(issued);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 500, 503})
    default void storeWhenAClaimCannotBeEndedThenTheApplicationsAnswerIsUnchanged(int status) {
        webapp().store(store -> new FailingStore(store).onEnd(StoreTests::fail))
                .endpoint((request, response) -> {
                    response.setStatus(status);
                    response.getOutputStream().print("mine");
                })
                .start();
        String issued = webapp().issue();

        Answer answer = webapp().get(genuine(issued));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("mine");
        webapp().assertClaimed(issued);
        webapp().pass(Duration.ofSeconds(30));
        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(status);
    }

    /** Names what a store throws that does not keep its contract. */
    enum Broken {
        EXCEPTION,
        ERROR;

        private void fail() {
            if (this == EXCEPTION) {
                throw new IllegalStateException("a driver's own");
            }
            throw new NoClassDefFoundError("a/driver/that/is/undeployed");
        }
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    default void storeWhenItThrowsWhatItShouldNotThenTheApplicationsAnswerIsUnchanged(Broken broken) {
        webapp().store(store -> new FailingStore(store).onEnd(broken::fail)).start();
        String issued = webapp().issue();

        assertThat(webapp().get(genuine(issued)).body()).isEqualTo(Webapp.HANDLED);
        webapp().assertClaimed(issued);
        webapp().pass(Duration.ofSeconds(30));
        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    default void storeWhenItThrowsWhatItShouldNotLaterThenTheApplicationsAnswerIsUnchanged(Broken broken) {
        webapp().store(store -> new FailingStore(store).onEnd(broken::fail))
                .endpoint(StoreTests::answerLater)
                .start();

        assertThat(webapp().get(genuine(webapp().issue())).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    default void storeWhenAClaimCannotBeReleasedThenTheApplicationsExceptionIsUnchanged(Broken broken) {
        webapp().store(store -> new FailingStore(store).onEnd(broken::fail))
                .endpoint((request, response) -> {
                    throw new IllegalStateException("mine");
                })
                .servlet(
                        "/oops",
                        (request, response) -> response.getOutputStream()
                                .print(String.valueOf(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))))
                .errorPage("/oops")
                .start();

        assertThat(webapp().get(genuine(webapp().issue())).body()).contains("mine");
    }

    @Test
    default void storeWhenAClaimCannotBeEndedLaterThenTheApplicationsAnswerIsUnchanged() {
        webapp().store(store -> new FailingStore(store).onEnd(StoreTests::fail))
                .endpoint(StoreTests::answerLater)
                .start();

        assertThat(webapp().get(genuine(webapp().issue())).status()).isEqualTo(202);
    }

    @Test
    default void callbackWhenTheApplicationIsStillAtItThenItIsAConflict() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        webapp().endpoint((request, response) -> {
                    reached.countDown();
                    Webapp.await(mayAnswer);
                })
                .start();
        String issued = webapp().issue();
        ExecutorService client = Executors.newSingleThreadExecutor();
        try {
            Future<Answer> first = client.submit(() -> webapp().get(genuine(issued)));
            Webapp.await(reached);

            webapp().assertClaimed(issued);

            mayAnswer.countDown();
            assertThat(first.get().status()).isEqualTo(200);
        } finally {
            mayAnswer.countDown();
            client.shutdownNow();
        }
    }
}
