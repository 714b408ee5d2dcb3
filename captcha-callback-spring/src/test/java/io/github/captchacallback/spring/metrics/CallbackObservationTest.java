package io.github.captchacallback.spring.metrics;

import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.test.InMemoryCallbacks;
import io.github.captchacallback.spring.test.MockCallback;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;

/** Says what is observed of the handling of callbacks, and what never is. */
class CallbackObservationTest {

    private static final String ANSWER = "an-answer-that-was-paid-for";

    private final CaptchaCallbacks callbacks = InMemoryCallbacks.create();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<Observation.Context> started = new ArrayList<>();
    private final List<Observation.Context> stopped = new ArrayList<>();

    private final class Recording implements ObservationHandler<Observation.Context> {

        @Override
        public void onStart(Observation.Context context) {
            started.add(context);
        }

        @Override
        public void onStop(Observation.Context context) {
            stopped.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @BeforeEach
    void record() {
        registry.observationConfig().observationHandler(new Recording());
    }

    private Observation.Context observed() {
        assertThat(stopped).hasSize(1).isEqualTo(started);
        assertThat(registry.getCurrentObservation()).isNull();
        return stopped.get(0);
    }

    private static Callback callback(TaskResult result) {
        return new Callback("4711", result, "a-reference", null, Instant.EPOCH);
    }

    @Test
    void aroundThenAHandlerIsObservedByReferenceAndTaskWithoutTheAnswer() throws Exception {
        CallbackObservation.around(
                        handled -> assertThat(registry.getCurrentObservation()).isNotNull(), registry)
                .handle(callback(new TaskResult.Solution(ANSWER)));

        Observation.Context context = observed();
        assertThat(context.getName()).isEqualTo("captcha.callback.handling");
        assertThat(context.getLowCardinalityKeyValue("result").getValue()).isEqualTo("solved");
        assertThat(context.getHighCardinalityKeyValue("reference").getValue()).isEqualTo("a-reference");
        assertThat(context.getHighCardinalityKeyValue("task.id").getValue()).isEqualTo("4711");
        assertThat(context.toString()).doesNotContain(ANSWER);
    }

    @Test
    void aroundWhenTheTaskFailedThenItsErrorIsNoTagThatCouldGrow() throws Exception {
        CallbackObservation.around(handled -> {}, registry).handle(callback(new TaskResult.Failure("ERROR_MADE_UP")));
        assertThat(observed().getLowCardinalityKeyValue("result").getValue()).isEqualTo("error");
    }

    @Test
    void aroundWhenTheHandlerFailsThenTheObservationHasItAndTheCallerToo() {
        IllegalStateException failure = new IllegalStateException("out of order");
        assertThatIllegalStateException()
                .isThrownBy(() -> CallbackObservation.around(
                                handled -> {
                                    throw failure;
                                },
                                registry)
                        .handle(callback(new TaskResult.Solution(ANSWER))))
                .isSameAs(failure);
        assertThat(observed().getError()).isSameAs(failure);
    }

    /** Sends a request through the filter that verifies, then through the one that observes, as containers do. */
    private void send(MockCallback kind, FilterChain application) throws IOException, ServletException {
        MockServletContext context = new MockServletContext();
        kind.signedBy(callbacks);
        MockHttpServletRequest request = kind.postProcessRequest(kind.buildRequest(context));
        request.setAsyncSupported(true);
        Filter observing = new CallbackObservationFilter(registry);
        new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks))
                .doFilter(
                        request,
                        new MockHttpServletResponse(),
                        (passed, answer) -> observing.doFilter(passed, answer, application));
    }

    @Test
    void doFilterThenAnEndpointIsObservedWithoutTokenAndAnswer() throws Exception {
        send(
                genuineCallback().solution(ANSWER),
                (request, response) ->
                        assertThat(registry.getCurrentObservation()).isNotNull());
        assertThat(observed().toString()).doesNotContain(ANSWER).doesNotContain("v1.test.");
        assertThat(observed().getHighCardinalityKeyValue("reference")).isNotNull();
    }

    @Test
    void doFilterWhenTheRequestIsRefusedThenNothingIsObserved() throws Exception {
        send(forgedCallback(), (request, response) -> {});
        assertThat(started).isEmpty();
    }

    @Test
    void doFilterWhenTheEndpointFailsThenTheObservationHasIt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> send(genuineCallback(), (request, response) -> {
                    throw new IllegalStateException("out of order");
                }));
        assertThat(observed().getError()).hasMessage("out of order");
    }

    @Test
    void doFilterWhenAForwardPassesAgainThenObservedOnce() throws Exception {
        Filter again = new CallbackObservationFilter(registry);
        send(genuineCallback(), (request, response) -> again.doFilter(request, response, (same, answer) -> {}));
        observed();
    }

    @Test
    void doFilterWhenTheEndpointAnswersLaterThenObservedUntilThen() throws Exception {
        List<MockAsyncContext> contexts = new ArrayList<>();
        send(genuineCallback(), (request, response) -> contexts.add((MockAsyncContext) request.startAsync()));
        assertThat(started).hasSize(1);
        assertThat(stopped).isEmpty();

        contexts.get(0).complete();

        observed();
    }
}
