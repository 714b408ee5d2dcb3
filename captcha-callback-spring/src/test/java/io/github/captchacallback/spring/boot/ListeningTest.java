package io.github.captchacallback.spring.boot;

import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static io.github.captchacallback.spring.test.MockCallback.replayedCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.CaptchaCallbackListener;
import io.github.captchacallback.spring.TestApplication;
import io.github.captchacallback.spring.UnreachableStore;
import io.github.captchacallback.spring.test.MockCallback;
import io.github.captchacallback.spring.test.MutableClock;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;

/** Says how the beans of an application hear of callbacks and verdicts. */
class ListeningTest {

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CaptchaCallbackAutoConfiguration.class))
            .withPropertyValues(TestApplication.PROPERTIES.toArray(String[]::new));

    static class Orders {

        private final List<Callback> received = new CopyOnWriteArrayList<>();
        private final List<Thread> threads = new CopyOnWriteArrayList<>();

        @CaptchaCallbackListener
        void complete(Callback callback) throws IOException {
            if (callback.solution().equals("broken")) {
                throw new IOException("out of order");
            }
            received.add(callback);
            threads.add(Thread.currentThread());
        }
    }

    static class MoreOrders {

        @CaptchaCallbackListener
        void alsoComplete(Callback callback) {}
    }

    static class Wrong {

        @CaptchaCallbackListener
        void complete(String code) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Handling {

        @Bean
        CallbackHandler handler() {
            return callback -> {};
        }
    }

    static class Audit {

        private final List<CallbackEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(CallbackEvent event) {
            events.add(event);
        }

        <E extends CallbackEvent> List<E> of(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    static class FailingAudit {

        @EventListener
        void on(CallbackEvent.Accepted event) {
            throw new IllegalStateException("out of order");
        }
    }

    private static int send(ApplicationContext context, MockCallback callback) throws Exception {
        CaptchaCallbacks callbacks = context.getBean(CaptchaCallbacks.class);
        callback.signedBy(callbacks);
        CaptchaCallbackFilter filter = new CaptchaCallbackFilter(context.getBean(CallbackEndpoint.class));
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(
                callback.postProcessRequest(callback.buildRequest(new MockServletContext())),
                response,
                new MockFilterChain());
        return response.getStatus();
    }

    @Test
    void contextWhenAMethodListensThenItReceivesGenuineCallbacks() {
        application.withBean(Orders.class).withBean(Audit.class).run(context -> {
            assertThat(send(context, genuineCallback().solution("an-answer"))).isEqualTo(200);
            assertThat(send(context, forgedCallback())).isEqualTo(403);

            Orders orders = context.getBean(Orders.class);
            await().until(() -> !context.getBean(Audit.class)
                    .of(CallbackEvent.Settled.class)
                    .isEmpty());
            assertThat(orders.received).extracting(Callback::solution).containsExactly("an-answer");
            assertThat(orders.threads).doesNotContain(Thread.currentThread());
        });
    }

    @Test
    void contextWhenTheListeningMethodFailsThenItIsCalledAgain() {
        application
                .withBean(Orders.class)
                .withBean(Audit.class)
                .withPropertyValues("logging.level.io.github.captchacallback=off")
                .run(context -> {
                    assertThat(send(context, genuineCallback().solution("broken")))
                            .isEqualTo(200);
                    await().until(() -> !context.getBean(Audit.class)
                            .of(CallbackEvent.RetryScheduled.class)
                            .isEmpty());
                    assertThat(context.getBean(Audit.class).of(CallbackEvent.Settled.class))
                            .isEmpty();
                });
    }

    /** An answer may be due from before, and no request comes to say so. */
    @Test
    void contextWhenItIsReadyThenWhatIsDueIsTakenWithoutARequestAndNotBefore() {
        AtomicBoolean ready = new AtomicBoolean();
        List<Boolean> readyWhenTaken = new CopyOnWriteArrayList<>();
        CallbackInbox store = new CaffeineCallbackStore(InstantSource.system(), 10);
        CallbackInbox watched = (CallbackInbox) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CallbackInbox.class}, (self, method, arguments) -> {
                    if (method.getName().equals("takeDue")) {
                        readyWhenTaken.add(ready.get());
                    }
                    return method.invoke(store, arguments);
                });
        application
                .withBean(Orders.class)
                .withBean(CallbackStore.class, () -> watched)
                .withBean(SmartInitializingSingleton.class, () -> () -> ready.set(true))
                .run(context -> {
                    await().until(() -> !readyWhenTaken.isEmpty());
                    assertThat(readyWhenTaken).containsOnly(true);
                });
    }

    @Test
    void contextWhenNobodyListensThenThereIsNoDelivery() {
        application.run(context ->
                assertThat(context).doesNotHaveBean(CallbackHandler.class).doesNotHaveBean(Executor.class));
    }

    @Test
    void contextWhenTwoMethodsListenThenTheStartFailsAndNamesThem() {
        application
                .withBean(Orders.class)
                .withBean(MoreOrders.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll("Orders.complete", "MoreOrders.alsoComplete", "annotate one method"));
    }

    @Test
    void contextWhenAMethodAndAHandlerListenThenTheStartFails() {
        application
                .withBean(Orders.class)
                .withUserConfiguration(Handling.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll("captchaCallbackListenerMethod", "handler"));
    }

    /** A parameter by the name of {@code store} must not decide. */
    @Test
    void contextWhenThereAreTwoStoresThenNoneIsTakenForItsName() {
        application
                .withBean("store", CallbackStore.class, UnreachableStore::new)
                .withBean("otherStore", CallbackStore.class, UnreachableStore::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Test
    void contextWhenThereAreSeveralClocksThenTheSystemsIsTaken() {
        application
                .withBean("clock", Clock.class, () -> new MutableClock(Instant.EPOCH))
                .withBean("otherClock", Clock.class, Clock::systemUTC)
                .run(context -> assertThat(
                                context.getBean(CaptchaCallbacks.class).clock().instant())
                        .isAfter(Instant.EPOCH));
    }

    @Test
    void contextWhenAMethodTakesSomethingElseThenTheStartFailsAndSaysWhatToWrite() {
        application
                .withBean(Wrong.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll(
                                "Wrong.complete", "one parameter, of type " + Callback.class.getName()));
    }

    @Test
    void verifyThenEveryVerdictIsAnEvent() {
        application
                .withBean(Audit.class)
                .withPropertyValues("captcha.callback.replay.duplicates=ok")
                .run(context -> {
                    send(context, genuineCallback());
                    send(context, forgedCallback());
                    send(context, replayedCallback());

                    Audit audit = context.getBean(Audit.class);
                    assertThat(audit.of(CallbackEvent.Accepted.class)).hasSize(2);
                    assertThat(audit.of(CallbackEvent.Refused.class)).hasSize(1);
                    assertThat(audit.of(CallbackEvent.Repeated.class)).hasSize(1);
                });
    }

    @Test
    void verifyWhenAListenerOfEventsFailsThenTheVerdictStands() {
        application
                .withBean(FailingAudit.class)
                .withPropertyValues("logging.level.io.github.captchacallback=off")
                .run(context -> assertThat(send(context, genuineCallback())).isEqualTo(200));
    }

    private void assertHandledOnVirtualThread(boolean expected, String... properties) {
        application.withBean(Orders.class).withPropertyValues(properties).run(context -> {
            assertThat(send(context, genuineCallback())).isEqualTo(200);
            Orders orders = context.getBean(Orders.class);
            await().until(() -> !orders.threads.isEmpty());
            assertThat(isVirtual(orders.threads.get(0))).isEqualTo(expected);
            assertThat(orders.threads.get(0).getName()).startsWith("captcha-callback-");
        });
    }

    /** The compiler knows Java 17 alone. */
    private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void deliverWhenVirtualThreadsAreOnThenTheyAreUsed() {
        assertHandledOnVirtualThread(true, "spring.threads.virtual.enabled=true");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void deliverWhenVirtualThreadsAreOnAndTheJvmHasNoneThenOthersAreUsed() {
        assertHandledOnVirtualThread(false, "spring.threads.virtual.enabled=true");
    }

    @Test
    void deliverWhenVirtualThreadsAreOffThenOthersAreUsed() {
        assertHandledOnVirtualThread(false);
    }
}
