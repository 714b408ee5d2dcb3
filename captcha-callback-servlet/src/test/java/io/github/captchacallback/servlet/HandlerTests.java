package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.AnswerTests.assertAnswer;
import static io.github.captchacallback.servlet.AnswerTests.assertRefused;
import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.delivery.CallbackEndpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Says what a filter does whose application has a handler instead of an endpoint. */
interface HandlerTests extends WebappTests {

    @Test
    default void handlerWhenACallbackIsGenuineThenTheServiceHasItsAnswerBeforeTheHandlerIsDone() {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<CallbackEndpoint> delivery = new CompletableFuture<>();
        webapp().delivery(callbacks -> {
                    CallbackEndpoint made = CallbackEndpoint.of(callbacks, callback -> {
                        Webapp.await(answered);
                        webapp().remember(callback);
                    });
                    delivery.complete(made);
                    return made;
                })
                .start();
        String issued = webapp().issue();

        assertAnswer(webapp().get(genuine(issued)), 200, "text/plain", "OK");
        assertThat(webapp().handled()).isEmpty();
        webapp().assertClaimed(issued);
        answered.countDown();
        webapp().await(CallbackEvent.Settled.class);

        assertThat(webapp().handled()).singleElement().satisfies(callback -> {
            assertThat(callback.taskId()).isEqualTo(TASK_ID);
            assertThat(callback.solution()).isEqualTo(CODE);
            assertThat(callback.reference()).isEqualTo(Webapp.reference(issued));
        });
        webapp().assertClaimed(issued);
        delivery.join().close();
    }

    @Test
    default void handlerWhenTheServicePostsThenItHasTheCallbackAndTheEndpointDoesNot() {
        AtomicInteger calls = new AtomicInteger();
        webapp().delivery(
                        callbacks -> CallbackEndpoint.of(callbacks, callback -> calls.incrementAndGet(), Runnable::run))
                .start();

        assertAnswer(
                webapp().send(Call.post(webapp().issue(), "id=" + TASK_ID + "&code=" + CODE)), 200, "text/plain", "OK");
        assertThat(calls).hasValue(1);
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void handlerWhenItThrowsThenItIsCalledAgainAndTheRepeatIsNotNeeded() {
        AtomicBoolean failing = new AtomicBoolean(true);
        webapp().delivery(callbacks -> CallbackEndpoint.of(
                        callbacks,
                        callback -> {
                            if (failing.getAndSet(false)) {
                                throw new Exception("on purpose");
                            }
                            webapp().remember(callback);
                        },
                        Runnable::run))
                .start();
        String issued = webapp().issue();

        webapp().assertAccepts(issued);
        assertThat(webapp().handled()).isEmpty();
        webapp().assertClaimed(issued);
        webapp().pass(webapp().await(CallbackEvent.RetryScheduled.class).after());
        webapp().await(CallbackEvent.Delivered.class);

        assertThat(webapp().handled()).hasSize(1);
        webapp().assertClaimed(issued);
    }

    @Test
    default void handlerWhenItThrowsAndTheStoreKeepsNoAnswersThenTheRepeatIsAccepted() {
        AtomicBoolean failing = new AtomicBoolean(true);
        webapp().store(FailingStore::new)
                .delivery(callbacks -> CallbackEndpoint.of(
                        callbacks,
                        callback -> {
                            if (failing.getAndSet(false)) {
                                throw new Exception("on purpose");
                            }
                            webapp().remember(callback);
                        },
                        Runnable::run))
                .start();
        String issued = webapp().issue();

        webapp().assertAccepts(issued);
        assertThat(webapp().handled()).isEmpty();
        webapp().assertAccepts(issued);

        assertThat(webapp().handled()).hasSize(1);
        webapp().assertClaimed(issued);
    }

    @Test
    default void handlerWhenItsQueueIsFullThenAnsweredAndHandledLater() {
        AtomicBoolean full = new AtomicBoolean(true);
        webapp().delivery(callbacks -> CallbackEndpoint.of(callbacks, webapp()::remember, task -> {
                    if (full.get()) {
                        throw new RejectedExecutionException("on purpose");
                    }
                    task.run();
                }))
                .start();

        webapp().assertAccepts(webapp().issue());
        assertThat(webapp().handled()).isEmpty();
        full.set(false);
        webapp().await(CallbackEvent.Delivered.class);

        assertThat(webapp().handled()).hasSize(1);
    }

    @Test
    default void handlerWhenItsQueueIsFullAndTheStoreKeepsNoAnswersThen503AndTheRepeatIsAccepted() {
        AtomicBoolean full = new AtomicBoolean(true);
        webapp().store(FailingStore::new)
                .delivery(callbacks -> CallbackEndpoint.of(callbacks, webapp()::remember, task -> {
                    if (full.get()) {
                        throw new RejectedExecutionException("on purpose");
                    }
                    task.run();
                }))
                .start();
        String issued = webapp().issue();

        Answer answer = webapp().get(genuine(issued));

        assertRefused(answer, 503, "unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("10");
        assertThat(webapp().handled()).isEmpty();
        full.set(false);
        webapp().assertAccepts(issued);
        assertThat(webapp().handled()).hasSize(1);
    }

    @Test
    default void handlerWhenACallbackIsForgedThenItIsNotCalled() {
        webapp().delivery(callbacks -> CallbackEndpoint.of(callbacks, webapp()::remember, Runnable::run))
                .start();

        assertRefused(webapp().get(Webapp.PATH + "?token=x&id=1&code=2"), 400, "malformed callback");
        assertThat(webapp().handled()).isEmpty();
    }
}
