package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.AnswerTests.assertAnswer;
import static io.github.captchacallback.servlet.DeclaredWebappTests.with;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.CallbackHandler;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Says how a handler is found that the webapp has not made itself, and on whose threads it works. */
interface DeclaredHandlerTests extends DeclaredWebappTests {

    String SERVICES = "WEB-INF/classes/META-INF/services/" + CallbackHandler.class.getName();

    /** Is a second handler. */
    final class OtherHandler implements CallbackHandler {

        /** Is called by nobody. */
        public OtherHandler() {}

        @Override
        public void handle(Callback callback) {}
    }

    /** Is no handler, since its making fails. */
    final class ThrowingHandler implements CallbackHandler {

        /** Fails. */
        public ThrowingHandler() {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void handle(Callback callback) {}
    }

    @Test
    default void handlerWhenTheWebappBringsOneAsAServiceThenItHasTheCallbacks() {
        webapp().file(SERVICES, NamedHandler.class.getName());
        CaptchaCallbacks callbacks = startWith(PARAMETERS);
        IssuedCallback issued = callbacks.issue();

        assertAnswer(webapp().get(genuine(Webapp.target(issued))), 200, "text/plain", "OK");
        assertThat(NamedHandler.next().reference()).isEqualTo(issued.reference());
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void handlerWhenItIsNamedAndAnotherIsAServiceThenTheStartStopsAndNamesBoth() {
        webapp().file(SERVICES, OtherHandler.class.getName());

        assertStops(filter(with("handler", NamedHandler.class.getName())))
                .hasMessage("captcha.callback.handler = '" + NamedHandler.class.getName()
                        + "': there is more than one handler: the class path of this webapp brings "
                        + OtherHandler.class.getName() + " as a service. Keep one of them.");
    }

    @Test
    default void handlerWhenSeveralAreServicesThenTheStartStopsAndNamesThem() {
        webapp().file(SERVICES, OtherHandler.class.getName() + "\n" + NamedHandler.class.getName());

        assertStops(filter(PARAMETERS))
                .hasMessage(
                        "captcha.callback.handler: there is more than one handler: the class path of this webapp brings "
                                + OtherHandler.class.getName() + " and " + NamedHandler.class.getName()
                                + " as a service. Keep one of them.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no.such.Handler",
                "io.github.captchacallback.servlet.Webapp",
                "this is no name",
                "io.github.captchacallback.servlet.DeclaredWebappTests$PrivateHandler",
                "io.github.captchacallback.servlet.DeclaredHandlerTests$ThrowingHandler",
            })
    default void handlerWhenItsServiceCannotBeMadeThenTheStartStops(String service) {
        webapp().file(SERVICES, service);

        assertStops(filter(PARAMETERS))
                .hasMessageStartingWith(
                        "captcha.callback.handler: a service cannot be made: " + CallbackHandler.class.getName() + ": ")
                .hasMessageEndingWith(". Correct or remove its service file.");
    }

    @Test
    default void handlerWhenItsMakingFailsThenTheStartStopsAndTheCauseIsKept() {
        assertStops(filter(with("handler", ThrowingHandler.class.getName()))).hasStackTraceContaining("on purpose");
    }

    @Test
    default void executorWhenTheApplicationHasOneThenItDecidesWhenACallbackIsHandled() throws Exception {
        BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(1);
        Executor holdingOne = task -> {
            if (!queue.offer(task)) {
                throw new RejectedExecutionException("full");
            }
        };
        webapp().declare(context -> context.setAttribute(CaptchaCallbackFilter.EXECUTOR, holdingOne));
        CaptchaCallbacks callbacks = startWith(with("handler", NamedHandler.class.getName()));
        IssuedCallback first = callbacks.issue();
        IssuedCallback second = callbacks.issue();

        assertThat(webapp().get(genuine(Webapp.target(first))).status()).isEqualTo(200);
        assertThat(webapp().get(genuine(Webapp.target(second))).status()).isEqualTo(200);
        assertThat(NamedHandler.hasNext()).isFalse();
        queue.remove().run();
        assertThat(NamedHandler.next().reference()).isEqualTo(first.reference());

        queue.take().run();
        assertThat(NamedHandler.next().reference()).isEqualTo(second.reference());
    }

    @Test
    default void executorWhenItIsNoneThenTheStartStops() {
        webapp().declare(context -> context.setAttribute(CaptchaCallbackFilter.EXECUTOR, "four threads"));

        assertStops(filter(with("handler", NamedHandler.class.getName())))
                .hasMessage("captcha.callback.executor = 'java.lang.String': the attribute of this name in the servlet"
                        + " context is no executor. Put a java.util.concurrent.Executor there, or nothing.");
    }
}
