package io.github.captchacallback.spring.boot;

import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.delivery.DoNotRetryException;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.TestApplication;
import io.github.captchacallback.spring.UnreachableStore;
import io.github.captchacallback.spring.metrics.CallbackMeters;
import io.github.captchacallback.spring.test.InMemoryCallbacks;
import io.github.captchacallback.spring.test.MockCallback;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;

/** Says what operations see of callbacks in a Boot application that has Micrometer and Actuator. */
class OperationsTest {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=*";

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CaptchaCallbackAutoConfiguration.class,
                    CaptchaCallbackActuatorAutoConfiguration.class,
                    CallbackSecretsAutoConfiguration.class))
            .withUserConfiguration(Registries.class)
            .withPropertyValues(TestApplication.PROPERTIES.toArray(String[]::new))
            .withPropertyValues(EXPOSED);

    @Configuration(proxyBeanMethods = false)
    static class Registries {

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        ObservationRegistry observationRegistry(Observed observed) {
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig().observationHandler(observed);
            return registry;
        }

        @Bean
        Observed observed() {
            return new Observed();
        }
    }

    static final class Observed implements ObservationHandler<Observation.Context> {

        private final List<Observation.Context> contexts = new CopyOnWriteArrayList<>();

        @Override
        public void onStop(Observation.Context context) {
            contexts.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OutOfReach {

        @Bean
        CallbackStore store() {
            return new UnreachableStore();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handling {

        @Bean
        CallbackHandler handler() {
            return callback -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AnotherEndpoint {

        @Bean
        CaptchaCallbacks other() {
            return InMemoryCallbacks.create();
        }
    }

    private static void send(ApplicationContext context, MockCallback callback) throws Exception {
        CaptchaCallbacks callbacks = context.getBean(CaptchaCallbacks.class);
        callback.signedBy(callbacks);
        MockHttpServletRequest request = callback.postProcessRequest(callback.buildRequest(new MockServletContext()));
        new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks))
                .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
    }

    @Test
    void contextWhenThereIsAMeterRegistryThenVerdictsAreCountedAndTheStoreIsShown() {
        application.run(context -> {
            send(context, forgedCallback());
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            context.getBean(MeterBinder.class).bindTo(registry);

            assertThat(registry.get(CallbackMeters.VERDICTS)
                            .tags("refusal", "invalid-signature", "endpoint", "captchaCallbacks")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get(CallbackMeters.REFERENCES)
                            .tag("endpoint", "captchaCallbacks")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    @Test
    void contextWhenThereIsAMeterRegistryThenEachKeysRefusalsAreThereForAlertsToStartFrom() {
        application.run(context -> assertThat(context.getBean(MeterRegistry.class)
                        .get(CallbackMeters.VERDICTS)
                        .tags("refusal", "unavailable", "key", "test")
                        .counter()
                        .count())
                .isZero());
    }

    @Test
    void contextWhenMicrometerAndActuatorAreNotThereThenItStartsWithoutThem() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CaptchaCallbackAutoConfiguration.class,
                        CaptchaCallbackActuatorAutoConfiguration.class,
                        CallbackSecretsAutoConfiguration.class))
                .withPropertyValues(TestApplication.PROPERTIES.toArray(String[]::new))
                .withClassLoader(new FilteredClassLoader(
                        "io.micrometer", "org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(CaptchaCallbacks.class));
    }

    @Test
    void contextWhenThereIsAnObservationRegistryThenTheHandlerIsObserved() {
        application.withUserConfiguration(Handling.class).run(context -> {
            CallbackHandler decorated =
                    context.getBean(HandlerDecorator.class).decorate(context.getBean(CallbackHandler.class));
            decorated.handle(new Callback("1", new TaskResult.Solution("x"), "a-reference", null, Instant.EPOCH));
            assertThat(context.getBean(Observed.class).contexts).hasSize(1);
            assertThat(context).hasBean("captchaCallbackObservationFilterRegistration");
        });
    }

    @Test
    void healthWhenTheStoreHasRoomThenUp() {
        application.run(context -> assertThat(
                        context.getBean(HealthIndicator.class).health())
                .satisfies(health -> {
                    assertThat(health.getStatus().getCode()).isEqualTo("UP");
                    assertThat(health.getDetails().get("captchaCallbacks"))
                            .isEqualTo(Map.of("references", 0L, "capacity", 1_000_000L));
                }));
    }

    @Test
    void healthWhenTheStoreIsFullThenOutOfService() {
        application.withPropertyValues("captcha.callback.store.capacity=1").run(context -> {
            context.getBean(CaptchaCallbacks.class).issue();
            assertThat(context.getBean(HealthIndicator.class)
                            .health()
                            .getStatus()
                            .getCode())
                    .isEqualTo("OUT_OF_SERVICE");
        });
    }

    @Test
    void healthWhenTheStoreIsOutOfReachThenDownAndTheReasonStaysInTheLog() {
        application
                .withUserConfiguration(OutOfReach.class)
                .run(context -> assertThat(
                                context.getBean(HealthIndicator.class).health())
                        .satisfies(health -> {
                            assertThat(health.getStatus().getCode()).isEqualTo("DOWN");
                            assertThat(health.toString()).doesNotContain(UnreachableStore.REASON);
                        }));
    }

    /** A driver's exception that a store lets through must not make health itself fail. */
    @Test
    void healthWhenTheStoreThrowsSomethingElseThenDownAsWell() {
        CaptchaCallbacks failing = InMemoryCallbacks.builder()
                .store(new UnreachableStore(new IllegalStateException("a driver's")))
                .build();
        assertThat(StoreHealth.of(Map.of("failing", failing)).status()).isEqualTo(StoreHealth.Status.UNREACHABLE);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CallbackMeters.bindStore(registry, "failing", failing);
        assertThat(registry.get(CallbackMeters.REFERENCES).gauge().value()).isNaN();
    }

    /** A store that cannot count may still find out that it has no room. */
    @Test
    void healthWhenTheStoreSaysThatItIsFullThenOutOfService() {
        CaptchaCallbacks full = InMemoryCallbacks.builder()
                .store(new UnreachableStore(new CallbackStoreFullException("no memory")))
                .build();
        assertThat(StoreHealth.of(Map.of("full", full))).satisfies(health -> {
            assertThat(health.status()).isEqualTo(StoreHealth.Status.FULL);
            assertThat(health.details()).containsEntry("full", "full");
        });
    }

    @Test
    void healthWhenSwitchedOffThenThereIsNone() {
        application
                .withPropertyValues("management.health.captchacallback.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        application
                .withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        application
                .withPropertyValues(
                        "management.health.defaults.enabled=false", "management.health.captchacallback.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
    }

    @Test
    void healthWhenOneOfSeveralStoresIsFullThenTheWorstCounts() {
        CaptchaCallbacks full =
                InMemoryCallbacks.builder().set("store.capacity", "1").build();
        full.issue();
        Map<String, CaptchaCallbacks> endpoints = new LinkedHashMap<>();
        endpoints.put("full", full);
        endpoints.put("empty", InMemoryCallbacks.create());
        assertThat(StoreHealth.of(endpoints).status()).isEqualTo(StoreHealth.Status.FULL);

        endpoints.put(
                "unreachable",
                InMemoryCallbacks.builder().store(new UnreachableStore()).build());
        endpoints.put("last", InMemoryCallbacks.create());
        StoreHealth health = StoreHealth.of(endpoints);
        assertThat(health.status()).isEqualTo(StoreHealth.Status.UNREACHABLE);
        assertThat(health.details()).containsKeys("full", "empty", "unreachable", "last");
    }

    @Configuration(proxyBeanMethods = false)
    static class Refusing {

        @Bean
        CallbackHandler handler() {
            return callback -> {
                throw new DoNotRetryException("the order was cancelled");
            };
        }
    }

    /** Sends a callback whose handler refuses it, and returns its reference. */
    private static String sendRefused(ApplicationContext context) throws Exception {
        CaptchaCallbacks callbacks = context.getBean(CaptchaCallbacks.class);
        MockCallback callback = MockCallback.genuineCallback().solution("a-paid-answer");
        callback.signedBy(callbacks);
        MockHttpServletRequest request = callback.postProcessRequest(callback.buildRequest(new MockServletContext()));
        new CaptchaCallbackFilter(context.getBean(CallbackEndpoint.class))
                .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
        await().until(() -> callbacks.store().inboxDepth().orElseThrow().dead() == 1);
        return callbacks
                .deadLetters()
                .orElseThrow()
                .list(1, null)
                .entries()
                .get(0)
                .key();
    }

    @Test
    void endpointWhenAHandlerRefusesThenItsDeadLetterIsListedWithoutTheAnswerReplayedAndDiscarded() {
        application.withUserConfiguration(Refusing.class).run(context -> {
            String reference = sendRefused(context);
            CallbackActuatorEndpoint endpoint = context.getBean(CallbackActuatorEndpoint.class);
            Map<String, Object> listed = endpoint.deadLetters("captchaCallbacks", null);
            assertThat(String.valueOf(listed))
                    .contains(reference, "the order was cancelled")
                    .doesNotContain("a-paid-answer");
            assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                    .containsEntry("captchaCallbacks.deadLetters", 1L);

            assertThat(endpoint.replay("captchaCallbacks", "another", null)).containsEntry("replayed", 0L);
            assertThat(endpoint.replay("captchaCallbacks", reference, null)).containsEntry("replayed", 1L);
            await().until(() -> context.getBean(CaptchaCallbacks.class)
                            .store()
                            .inboxDepth()
                            .orElseThrow()
                            .dead()
                    == 1);
            assertThat(endpoint.replay("captchaCallbacks", null, null))
                    .containsEntry("replayed", 0L)
                    .containsEntry("count", 1L);
            assertThat(endpoint.replay("captchaCallbacks", null, 2L)).containsEntry("replayed", 0L);
            assertThat(endpoint.replay("captchaCallbacks", null, 1L)).containsEntry("replayed", 1L);
            await().until(() -> context.getBean(CaptchaCallbacks.class)
                            .store()
                            .inboxDepth()
                            .orElseThrow()
                            .dead()
                    == 1);

            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.discard("captchaCallbacks", reference, " "));
            assertThat(endpoint.discard("captchaCallbacks", reference, "refunded"))
                    .containsEntry("discarded", 1L);
            assertThat(endpoint.deadLetters("captchaCallbacks", null))
                    .extractingByKey("deadLetters", LIST)
                    .isEmpty();
            assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                    .doesNotContainKey("captchaCallbacks.deadLetters");
        });
    }

    @Test
    void endpointWhenThereIsNoSuchEndpointThenItHasNoDeadLetters() {
        application.run(context -> {
            CallbackActuatorEndpoint endpoint = context.getBean(CallbackActuatorEndpoint.class);
            assertThat(endpoint.deadLetters("another", null)).isNull();
            assertThat(endpoint.replay("another", null, null)).isNull();
            assertThat(endpoint.discard("another", "a-reference", "a reason")).isNull();
        });
    }

    @Test
    void metersThenAttemptsAndKeptAnswersAreShown() {
        application.withUserConfiguration(Refusing.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            context.getBean(MeterBinder.class).bindTo(registry);
            sendRefused(context);
            assertThat(registry.get(CallbackMeters.INBOX)
                            .tags("endpoint", "captchaCallbacks", "state", "dead")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get(CallbackMeters.OLDEST_DUE).gauge().value()).isZero();
            await().untilAsserted(() -> assertThat(registry.get(CallbackMeters.DELIVERY_ATTEMPTS)
                            .tags("outcome", "dead")
                            .counter()
                            .count())
                    .isEqualTo(1));
        });
    }

    @Test
    void endpointThenShowsEverySettingThatIsInForceAndNoSecret() {
        application.run(context -> {
            Map<String, Object> shown =
                    context.getBean(CallbackActuatorEndpoint.class).show();
            assertThat(shown.toString()).doesNotContain(TestApplication.SECRET);
            assertThat(shown)
                    .extractingByKey("endpoints", MAP)
                    .extractingByKey("captchaCallbacks", MAP)
                    .extractingByKey("policy", MAP)
                    .containsEntry("public-url", "https://your-server.com/captcha/callback")
                    .containsEntry("signature.keys", List.of("test"))
                    .containsEntry("require-https", false)
                    .containsEntry("freshness.ttl", "PT10M")
                    .containsEntry("source.forwarded-header", "X-Forwarded-For");
        });
    }

    @Test
    void endpointThenCountsByRefusal() {
        application.run(context -> {
            send(context, forgedCallback());
            send(context, forgedCallback());
            send(context, MockCallback.genuineCallback());
            assertThat(context.getBean(CallbackActuatorEndpoint.class).show())
                    .extractingByKey("verdicts", MAP)
                    .containsEntry("accepted", 1L)
                    .containsEntry("repeated", 0L)
                    .extractingByKey("refused", MAP)
                    .containsEntry("invalid signature", 2L)
                    .containsEntry("expired", 0L);
        });
    }

    @Test
    void endpointWhenTheStoreIsOutOfReachThenSaysSo() {
        application
                .withUserConfiguration(OutOfReach.class)
                .run(context -> assertThat(context.getBean(CallbackActuatorEndpoint.class)
                                .show()
                                .toString())
                        .contains("unavailable")
                        .doesNotContain(UnreachableStore.REASON));
    }

    @Test
    void endpointWhenItIsNotExposedThenNothingIsCountedForIt() {
        application
                .withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CallbackActuatorEndpoint.class)
                        .doesNotHaveBean(VerdictCounts.class));
    }

    @Test
    void contextWhenThereAreSeveralEndpointsThenEachIsShownByItsName() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CaptchaCallbackActuatorAutoConfiguration.class))
                .withUserConfiguration(Registries.class, AnotherEndpoint.class)
                .withBean("turnstile", CaptchaCallbacks.class, InMemoryCallbacks::create)
                .withPropertyValues(EXPOSED)
                .run(context -> {
                    assertThat(context.getBean(CallbackActuatorEndpoint.class).show())
                            .extractingByKey("endpoints", MAP)
                            .containsOnlyKeys("other", "turnstile");
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    context.getBean(MeterBinder.class).bindTo(registry);
                    assertThat(registry.get(CallbackMeters.CAPACITY).gauges()).hasSize(2);
                });
    }
}
