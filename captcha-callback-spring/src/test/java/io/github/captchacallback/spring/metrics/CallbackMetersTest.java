package io.github.captchacallback.spring.metrics;

import static io.github.captchacallback.spring.test.MockCallback.expiredCallback;
import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static io.github.captchacallback.spring.test.MockCallback.replayedCallback;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.UnreachableStore;
import io.github.captchacallback.spring.test.InMemoryCallbacks;
import io.github.captchacallback.spring.test.MockCallback;
import io.github.captchacallback.store.CallbackStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;

/** Says what becomes of callbacks in meters, and what never does. */
class CallbackMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private CaptchaCallbacksBuilder counted() {
        return InMemoryCallbacks.builder().listener(new CallbackMeters(registry, "shop", "test"));
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private static MockHttpServletRequest request(CaptchaCallbacks callbacks, MockCallback callback) {
        MockServletContext context = new MockServletContext();
        callback.signedBy(callbacks);
        return callback.postProcessRequest(callback.buildRequest(context));
    }

    private static void send(CaptchaCallbacks callbacks, MockCallback callback, FilterChain application)
            throws IOException, ServletException {
        new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks))
                .doFilter(request(callbacks, callback), new MockHttpServletResponse(), application);
    }

    private static void send(CaptchaCallbacks callbacks, MockCallback callback) throws IOException, ServletException {
        send(callbacks, callback, new MockFilterChain());
    }

    @Test
    void onThenVerdictsAreCountedByOutcomeRefusalAndKeyAndTimed() throws Exception {
        CaptchaCallbacks callbacks = counted().build();
        send(callbacks, genuineCallback());
        send(callbacks, genuineCallback());
        send(callbacks, forgedCallback());
        send(callbacks, expiredCallback());
        send(callbacks, replayedCallback());

        assertThat(count(CallbackMeters.VERDICTS, "outcome", "accepted", "refusal", "none", "key", "test"))
                .isEqualTo(3);
        assertThat(count(CallbackMeters.VERDICTS, "outcome", "refused", "refusal", "invalid-signature", "key", "none"))
                .isEqualTo(1);
        assertThat(count(CallbackMeters.VERDICTS, "outcome", "refused", "refusal", "expired", "key", "test"))
                .isEqualTo(1);
        assertThat(count(CallbackMeters.VERDICTS, "outcome", "refused", "refusal", "already-processed", "key", "test"))
                .isEqualTo(1);
        assertThat(count(CallbackMeters.ISSUED, "endpoint", "shop")).isEqualTo(5);
        assertThat(count(CallbackMeters.CLAIMS, "end", "settled")).isEqualTo(3);
        assertThat(registry.get(CallbackMeters.VERIFICATION)
                        .tags("outcome", "refused", "endpoint", "shop")
                        .timer()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get(CallbackMeters.VERIFICATION)
                        .tags("outcome", "accepted")
                        .timer()
                        .max(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void onWhenARepeatIsAnsweredThenCountedAsThat() throws Exception {
        send(counted().set("replay.duplicates", "ok").build(), replayedCallback());
        assertThat(count(CallbackMeters.VERDICTS, "outcome", "repeated", "refusal", "none", "key", "test"))
                .isEqualTo(1);
    }

    @Test
    void onWhenTheApplicationFailsThenTheReleaseIsCounted() throws Exception {
        send(
                counted().build(),
                genuineCallback(),
                (request, response) -> ((MockHttpServletResponse) response).setStatus(500));
        assertThat(count(CallbackMeters.CLAIMS, "end", "released")).isEqualTo(1);
        assertThat(count(CallbackMeters.CLAIMS, "end", "settled")).isZero();
    }

    @Test
    void constructorThenEveryRefusalIsThereWithZeroForAlertsToStartFrom() {
        counted().build();
        for (Refusal refusal : Refusal.values()) {
            boolean verified = refusal.compareTo(Refusal.INVALID_SIGNATURE) > 0;
            assertThat(count(
                            CallbackMeters.VERDICTS,
                            "refusal",
                            refusal.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            "key",
                            verified ? "test" : "none"))
                    .isZero();
        }
    }

    /** A flood of made up tokens, ids, methods and addresses must not become a flood of meters. */
    @Test
    void onWhenRequestsAreMadeUpThenNoMeterIsMadeOfThem() throws Exception {
        CaptchaCallbacks callbacks = counted().build();
        send(callbacks, forgedCallback());
        List<Meter.Id> before = registry.getMeters().stream().map(Meter::getId).toList();

        for (int i = 0; i < 100; i++) {
            MockHttpServletRequest request =
                    request(callbacks, forgedCallback().from("198.51.100." + i).solution("code" + i));
            request.setQueryString(String.valueOf(request.getQueryString()).replace("v1.test.", "v1.key" + i + "."));
            new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks))
                    .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
        }

        assertThat(registry.getMeters().stream().map(Meter::getId)).containsExactlyInAnyOrderElementsOf(before);
        assertThat(count(CallbackMeters.VERDICTS, "refusal", "invalid-signature"))
                .isEqualTo(101);
    }

    @Test
    void bindStoreThenShowsHowFullItIs() {
        CaptchaCallbacks callbacks = counted().set("store.capacity", "10").build();
        CallbackMeters.bindStore(registry, "shop", callbacks);
        callbacks.issue();
        callbacks.issue();

        assertThat(registry.get(CallbackMeters.REFERENCES).gauge().value()).isEqualTo(2);
        assertThat(registry.get(CallbackMeters.CAPACITY).gauge().value()).isEqualTo(10);
    }

    @Test
    void bindStoreWhenItIsOutOfReachThenNotANumberAndNoFailure() {
        CaptchaCallbacks callbacks = counted().store(new UnreachableStore()).build();
        CallbackMeters.bindStore(registry, "shop", callbacks);

        assertThat(registry.get(CallbackMeters.REFERENCES).gauge().value()).isNaN();
        assertThat(registry.get(CallbackMeters.CAPACITY).gauge().value()).isNaN();
        assertThat(registry.get(CallbackMeters.WARNINGS).gauge().value()).isNaN();
    }

    @Test
    void bindStoreWhenSomethingIsWrongWithItThenShowsHowMuch() {
        List<String> warnings = List.of("It evicts keys");
        CaptchaCallbacks callbacks = counted()
                .store((CallbackStore) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {CallbackStore.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "warnings" -> warnings;
                            case "time", "occupancy" -> Optional.empty();
                            case "close" -> null;
                            default -> throw new AssertionError(method);
                        }))
                .build();
        CallbackMeters.bindStore(registry, "shop", callbacks);

        assertThat(registry.get(CallbackMeters.WARNINGS).gauge().value()).isEqualTo(1);
    }
}
