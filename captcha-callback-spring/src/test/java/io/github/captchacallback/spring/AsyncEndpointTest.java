package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.async.DeferredResult;

/** Says what becomes of a callback whose endpoint answers later, on another thread and in another dispatch. */
class AsyncEndpointTest {

    private static TestApplication application;
    private static RecordingController endpoint;
    private static RecordingListener listener;

    private IssuedCallback issued;
    private String target;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(RecordingController.class)
    static class Application {

        @Bean
        RecordingListener listener() {
            return new RecordingListener();
        }
    }

    @BeforeAll
    static void start() {
        application = TestApplication.start(Application.class);
        endpoint = application.bean(RecordingController.class);
        listener = application.bean(RecordingListener.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void issue() {
        endpoint.reset();
        issued = application.bean(CaptchaCallbacks.class).issue();
        target = solved(TestApplication.target(issued.url()), "x");
    }

    @Test
    void getWhenTheAnswerIsDeferredThenItArrivesAndTheClaimIsSettledThenAndNotBefore() throws Exception {
        DeferredResult<String> later = new DeferredResult<>();
        endpoint.answerWith(callback -> later);
        CompletableFuture<HttpResponse<String>> answer = application.getAsync(target);
        await().until(() -> !endpoint.arrivals().isEmpty());

        assertThat(application.get(target).statusCode()).isEqualTo(409);
        assertThat(isSettled()).isFalse();
        later.setResult("at last");

        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(answer.get().body()).isEqualTo("at last");
        listener.awaitSettled(issued.reference());
        assertThat(endpoint.arrivals()).hasSize(1);
    }

    @Test
    void getWhenTheAnswerComesFromAnotherThreadThenTheAuthenticationIsThereAsWell() {
        Callable<String> later =
                () -> Objects.requireNonNull(SecurityContextHolder.getContext().getAuthentication())
                        .getName();
        endpoint.answerWith(callback -> later);

        HttpResponse<String> answer = application.get(target);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(issued.reference());
        listener.awaitSettled(issued.reference());
    }

    @Test
    void getWhenADeferredAnswerIsAnErrorThenReleasedAndTheServicesRetryGetsThrough() throws Exception {
        DeferredResult<String> later = new DeferredResult<>();
        endpoint.answerWith(callback -> later);
        CompletableFuture<HttpResponse<String>> answer = application.getAsync(target);
        await().until(() -> !endpoint.arrivals().isEmpty());

        later.setErrorResult(new IllegalStateException("out of order"));

        assertReleased(answer, 500);
    }

    @Test
    void getWhenADeferredAnswerHasStatus500ThenReleasedAndTheServicesRetryGetsThrough() throws Exception {
        DeferredResult<ResponseEntity<String>> later = new DeferredResult<>();
        endpoint.answerWith(callback -> later);
        CompletableFuture<HttpResponse<String>> answer = application.getAsync(target);
        await().until(() -> !endpoint.arrivals().isEmpty());

        later.setResult(ResponseEntity.status(HttpStatus.BAD_GATEWAY).body("no"));

        assertReleased(answer, 502);
    }

    @Test
    void getWhenAnotherThreadFailsThenReleasedAndTheServicesRetryGetsThrough() throws Exception {
        Callable<String> later = () -> {
            throw new IllegalStateException("out of order");
        };
        endpoint.answerWith(callback -> later);

        assertReleased(application.getAsync(target), 500);
    }

    @Test
    void getWhenADeferredAnswerDoesNotComeThenReleasedAndTheServicesRetryGetsThrough() throws Exception {
        endpoint.answerWith(callback -> new DeferredResult<String>(1L));

        assertReleased(application.getAsync(target), 503);
    }

    private void assertReleased(CompletableFuture<HttpResponse<String>> answer, int status)
            throws ExecutionException, InterruptedException {
        assertThat(answer.get().statusCode()).isEqualTo(status);
        listener.awaitReleased(issued.reference());
        assertThat(isSettled()).isFalse();

        endpoint.answerWith(callback -> RecordingController.HANDLED);
        assertThat(application.get(target).statusCode()).isEqualTo(200);
        assertThat(endpoint.arrivals()).hasSize(2);
    }

    private boolean isSettled() {
        return listener.of(CallbackEvent.Settled.class).stream()
                .anyMatch(settled -> settled.reference().equals(issued.reference()));
    }
}
