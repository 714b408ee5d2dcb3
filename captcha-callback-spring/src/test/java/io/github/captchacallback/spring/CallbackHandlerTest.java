package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.CallbackHandler;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.AbstractAuthenticationEvent;
import org.springframework.security.authentication.event.AuthenticationFailureBadCredentialsEvent;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;

/** Says what the service and the application see where a handler takes callbacks in the background. */
class CallbackHandlerTest {

    private static TestApplication application;
    private static Handling handling;

    private IssuedCallback issued;
    private String target;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Handling handler() {
            return new Handling();
        }

        @Bean
        Audit audit() {
            return new Audit();
        }

        @Bean
        RecordingListener listener() {
            return new RecordingListener();
        }
    }

    /** Keeps what Spring Security tells. */
    static final class Audit {

        private final List<AbstractAuthenticationEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AbstractAuthenticationEvent event) {
            events.add(event);
        }
    }

    static final class Handling implements CallbackHandler {

        private final List<Callback> handled = new CopyOnWriteArrayList<>();
        private volatile CallbackHandler behaviour = callback -> {};

        @Override
        public void handle(Callback callback) throws Exception {
            behaviour.handle(callback);
            handled.add(callback);
        }
    }

    @BeforeAll
    static void start() {
        application = TestApplication.start(Application.class, "logging.level.io.github.captchacallback=off");
        handling = application.bean(Handling.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void issue() {
        handling.handled.clear();
        handling.behaviour = callback -> {};
        issued = application.bean(CaptchaCallbacks.class).issue();
        target = solved(TestApplication.target(issued.url()), "an-answer");
    }

    @Test
    void getWhenGenuineAndAgainThenEachVerdictIsOneEventOfSpringSecurity() {
        List<AbstractAuthenticationEvent> events = application.bean(Audit.class).events;
        events.clear();

        application.get(target);
        application.get(target);

        assertThat(events)
                .extracting(event -> (Object) event.getClass())
                .containsExactly(AuthenticationSuccessEvent.class, AuthenticationFailureBadCredentialsEvent.class);
        assertThat(events.get(0).getAuthentication()).isInstanceOf(CaptchaCallbackAuthentication.class);
    }

    @Test
    void getWhenGenuineThenAnsweredAtOnceAndHandledOnAnotherThread() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        handling.behaviour = callback -> mayGoOn.await();

        HttpResponse<String> answer = application.get(target);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(handling.handled).isEmpty();

        mayGoOn.countDown();
        application.bean(RecordingListener.class).awaitSettled(issued.reference());
        assertThat(handling.handled).extracting(Callback::reference).containsExactly(issued.reference());
        assertThat(application.get(target).statusCode()).isEqualTo(409);
    }

    @Test
    void postWhenGenuineThenHandledAndNeedsNoCsrfToken() {
        assertThat(application
                        .post(TestApplication.target(issued.url()), "id=1&code=2")
                        .statusCode())
                .isEqualTo(200);

        await().untilAsserted(() ->
                assertThat(handling.handled).extracting(Callback::solution).containsExactly("2"));
    }

    @Test
    void getWhenTheHandlerFailsThenItIsCalledAgainAndTheServicesRetryIsNotNeeded() {
        AtomicBoolean failing = new AtomicBoolean(true);
        handling.behaviour = callback -> {
            if (failing.getAndSet(false)) {
                throw new IllegalStateException("out of order");
            }
        };
        assertThat(application.get(target).statusCode()).isEqualTo(200);
        assertThat(application.get(target).statusCode()).isEqualTo(409);

        application.bean(RecordingListener.class).awaitSettled(issued.reference());
        assertThat(handling.handled).hasSize(1);
        assertThat(failing).isFalse();
    }

    @Test
    void getWhenForgedThenNeitherAcceptedNorHandled() {
        assertThat(application
                        .get(target.replaceFirst("[0-9a-f]{64}", "0".repeat(64)))
                        .statusCode())
                .isEqualTo(403);

        assertThat(application.bean(RecordingListener.class).of(CallbackEvent.Accepted.class))
                .noneMatch(accepted -> accepted.reference().equals(issued.reference()));
        assertThat(handling.handled).isEmpty();
    }
}
