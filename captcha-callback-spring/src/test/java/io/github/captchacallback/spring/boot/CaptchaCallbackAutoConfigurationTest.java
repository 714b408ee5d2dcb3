package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CallbackEventListener;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.RecordingListener;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.support.BeanDefinitionOverrideException;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.annotation.Order;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.web.context.WebApplicationContext;

/** Says what an application gets for its properties, and what for its own beans. */
class CaptchaCallbackAutoConfigurationTest {

    private static final String PATH = "/captcha/callback";
    private static final String PUBLIC_URL = "https://your-server.com" + PATH;
    private static final String SPRING_SECURITY = "org.springframework.security";
    private static final String KEY = "captcha.callback.signature.keys.test=a-secret-of-the-tests-that-nobody-prints";

    private final WebApplicationContextRunner bare =
            new WebApplicationContextRunner().withUserConfiguration(Application.class);
    private final WebApplicationContextRunner configured =
            bare.withPropertyValues("captcha.callback.public-url=" + PUBLIC_URL, KEY);
    private final WebApplicationContextRunner withoutSecurity =
            configured.withClassLoader(new FilteredClassLoader(SPRING_SECURITY));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class OpenToEveryone {

        @Bean
        SecurityFilterChain everyone(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    /** What came of a request: the answer, and the request as the application has it, if it has. */
    private record Exchange(
            MockHttpServletResponse answer, @Nullable MockFilterChain application) {

        boolean reachedTheApplication() {
            return application != null && application.getRequest() != null;
        }
    }

    private static Exchange through(Filter filter, MockHttpServletRequest request) {
        MockHttpServletResponse answer = new MockHttpServletResponse();
        MockFilterChain application = new MockFilterChain();
        try {
            filter.doFilter(request, answer, application);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
        return new Exchange(answer, application);
    }

    private static Filter guard(ApplicationContext context) {
        return Objects.requireNonNull(context.getBean("captchaCallbackFilterRegistration", FilterRegistrationBean.class)
                .getFilter());
    }

    private static Exchange throughSecurity(ApplicationContext context, MockHttpServletRequest request) {
        return through(context.getBean("springSecurityFilterChain", Filter.class), request);
    }

    private static MockHttpServletRequest get(String path) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setServletPath(path);
        request.setSecure(true);
        return request;
    }

    private static MockHttpServletRequest genuine(ApplicationContext context) {
        String url = context.getBean(CaptchaCallbacks.class).issue().url();
        MockHttpServletRequest request = get(PATH);
        request.setQueryString(url.substring(url.indexOf('?') + 1) + "&id=4711&code=an-answer");
        return request;
    }

    @Test
    void contextWhenPropertiesAreSetThenCallbacksArriveOnlyWhenGenuine() {
        configured.run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(CaptchaCallbacks.class);
            assertThat(context.getBean(CaptchaCallbacks.class).settings().publicUrl())
                    .isEqualTo(PUBLIC_URL);

            Exchange forged = throughSecurity(context, get(PATH));
            assertThat(forged.reachedTheApplication()).isFalse();
            assertThat(forged.answer().getStatus()).isEqualTo(400);
            assertThat(forged.answer().getContentAsString()).isEqualTo("{\"error\":\"malformed callback\"}");
            assertThat(throughSecurity(context, genuine(context)).reachedTheApplication())
                    .isTrue();
        });
    }

    @Test
    void contextWhenTheApplicationHasNoChainThenOtherPathsKeepBootsLock() {
        configured.run(context -> {
            assertThat(context).hasBean(GuardBySecurity.CHAIN);
            assertThat(context.getBeansOfType(SecurityFilterChain.class)).hasSize(2);

            // Boot's own chain looks for the application context, by the servlet context.
            ServletContext servletContext = Objects.requireNonNull(context.getServletContext());
            servletContext.setAttribute(
                    WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE,
                    context.getSourceApplicationContext());
            MockHttpServletRequest request = new MockHttpServletRequest(servletContext, "GET", "/orders");
            request.setServletPath("/orders");
            Exchange other = throughSecurity(context, request);
            assertThat(other.reachedTheApplication()).isFalse();
            assertThat(other.answer().getStatus()).isEqualTo(401);
        });
    }

    @Test
    void contextWhenTheApplicationHasAChainThenItKeepsTheOtherPathsAndLosesTheCallbacks() {
        configured.withUserConfiguration(OpenToEveryone.class).run(context -> {
            assertThat(context.getBeansOfType(SecurityFilterChain.class))
                    .containsOnlyKeys("everyone", GuardBySecurity.CHAIN);

            assertThat(throughSecurity(context, get("/orders")).reachedTheApplication())
                    .isTrue();
            assertThat(throughSecurity(context, get(PATH)).reachedTheApplication())
                    .isFalse();
            assertThat(throughSecurity(context, genuine(context)).reachedTheApplication())
                    .isTrue();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class FirstOfAll {

        @Bean
        @Order(0)
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.securityMatcher("/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @Test
    void contextWhenTheApplicationsChainTakesEveryPathThenOursStandsBeforeIt() {
        configured.withUserConfiguration(FirstOfAll.class).run(context -> {
            assertThat(throughSecurity(context, get(PATH)).reachedTheApplication())
                    .isFalse();
            assertThat(throughSecurity(context, get("/orders")).reachedTheApplication())
                    .isTrue();
        });
    }

    @Test
    void contextWhenAskedWhatAUserMayDoThenAnswersForTheCallbackPathAndForOthers() {
        configured.withUserConfiguration(OpenToEveryone.class).run(context -> {
            WebInvocationPrivilegeEvaluator privileges = context.getBean(WebInvocationPrivilegeEvaluator.class);
            TestingAuthenticationToken user = new TestingAuthenticationToken("user", "password", "ROLE_USER");

            assertThat(privileges.isAllowed("", "/orders", "GET", user)).isTrue();
            assertThat(privileges.isAllowed("", PATH, "GET", null)).isFalse();
        });
    }

    @Test
    void contextWhenAskedForTheChainOfARequestThatNobodyHasSentThenAnswers() {
        configured.run(context -> {
            SecurityFilterChain chain = context.getBean(GuardBySecurity.CHAIN, SecurityFilterChain.class);

            assertThat(chain.matches(new FilterInvocation("", PATH, "GET").getRequest()))
                    .isTrue();
            assertThat(chain.matches(new FilterInvocation("", "/orders", "GET").getRequest()))
                    .isFalse();
        });
    }

    @Test
    void contextWhenSpringSecurityIsNotThereThenAServletFilterGuardsBeforeAllOthers() {
        withoutSecurity.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(CaptchaCallbacks.class)
                    .doesNotHaveBean(GuardBySecurity.CHAIN);
            FilterRegistrationBean<?> registration =
                    context.getBean("captchaCallbackFilterRegistration", FilterRegistrationBean.class);
            assertThat(registration).isInstanceOf(PriorityOrdered.class);
            assertThat(registration.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
            assertThat(registration.isAsyncSupported()).isTrue();
            assertThat(registration.determineDispatcherTypes()).isEqualTo(EnumSet.allOf(DispatcherType.class));
            assertThat(registration.getUrlPatterns()).isEmpty();
            assertThat(registration.getServletNames()).isEmpty();

            Filter filter = Objects.requireNonNull(registration.getFilter());
            assertThat(through(filter, get(PATH)).reachedTheApplication()).isFalse();
            assertThat(through(filter, get("/orders")).reachedTheApplication()).isTrue();
            Exchange genuine = through(filter, genuine(context));
            assertThat(genuine.reachedTheApplication()).isTrue();
        });
    }

    @Test
    void contextWhenSpringSecurityIsThereThenTheServletFilterGuardsAndEachRequestIsJudgedOnce() {
        configured.withBean(RecordingListener.class).run(context -> {
            Filter guard = guard(context);
            assertThat(through(guard, get(PATH)).reachedTheApplication()).isFalse();

            MockHttpServletRequest genuine = genuine(context);
            Exchange verified = through(guard, genuine);
            assertThat(verified.reachedTheApplication()).isTrue();
            assertThat(throughSecurity(context, genuine).reachedTheApplication())
                    .isTrue();
            assertThat(context.getBean(RecordingListener.class).of(CallbackEvent.Accepted.class))
                    .hasSize(1);
        });
    }

    @Test
    void contextThenTheFilterIsNoBeanWhichBootWouldRegisterASecondTime() {
        for (WebApplicationContextRunner runner : List.of(configured, withoutSecurity)) {
            runner.run(
                    context -> assertThat(context.getBeansOfType(Filter.class).values())
                            .noneMatch(filter -> filter.getClass().getName().startsWith("io.github.captchacallback")));
        }
    }

    @Test
    void contextWhenNoPropertyIsSetThenNothingIsConfigured() {
        bare.withUserConfiguration(OpenToEveryone.class).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(CaptchaCallbackAutoConfiguration.class)
                    .doesNotHaveBean(CaptchaCallbacks.class)
                    .doesNotHaveBean(GuardBySecurity.CHAIN);
            assertThat(throughSecurity(context, get(PATH)).reachedTheApplication())
                    .isTrue();
        });
        bare.withClassLoader(new FilteredClassLoader(SPRING_SECURITY))
                .run(context -> assertThat(context).doesNotHaveBean("captchaCallbackFilterRegistration"));
    }

    @Test
    void contextWhenNotAWebApplicationThenNothingIsConfigured() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("captcha.callback.public-url=" + PUBLIC_URL, KEY)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CaptchaCallbacks.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCallbacks {

        @Bean
        CaptchaCallbacks ownCallbacks() {
            return CaptchaCallbacks.builder()
                    .publicUrl("https://your-server.com/elsewhere")
                    .signingKey("own", "another-secret-that-the-application-has")
                    .build();
        }
    }

    @Test
    void contextWhenTheApplicationHasCallbacksOfItsOwnThenTheseAreGuarded() {
        configured
                .withUserConfiguration(OpenToEveryone.class, OwnCallbacks.class)
                .run(context -> {
                    assertThat(context.getBeanNamesForType(CaptchaCallbacks.class))
                            .containsExactly("ownCallbacks");
                    assertThat(throughSecurity(context, get("/elsewhere")).reachedTheApplication())
                            .isFalse();
                    assertThat(throughSecurity(context, get(PATH)).reachedTheApplication())
                            .isTrue();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnChain {

        @Bean(GuardBySecurity.CHAIN)
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain own(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                    .build();
        }
    }

    @Test
    void contextWhenTheApplicationHasAChainOfThatNameThenOursBacksOff() {
        configured.withUserConfiguration(OwnChain.class).run(context -> {
            assertThat(context.getBeansOfType(SecurityFilterChain.class)).containsOnlyKeys(GuardBySecurity.CHAIN);
            assertThat(throughSecurity(context, genuine(context)).reachedTheApplication())
                    .isFalse();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRegistration {

        @Bean
        FilterRegistrationBean<CaptchaCallbackFilter> captchaCallbackFilterRegistration(CaptchaCallbacks callbacks) {
            FilterRegistrationBean<CaptchaCallbackFilter> registration =
                    new FilterRegistrationBean<>(new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks)));
            registration.setOrder(7);
            return registration;
        }
    }

    /** A filter of lower precedence in place of ours would guard less, and nobody would be told. */
    @Test
    void contextWhenTheApplicationHasARegistrationOfThatNameThenTheStartFails() {
        withoutSecurity
                .withUserConfiguration(OwnRegistration.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .isInstanceOf(BeanDefinitionOverrideException.class)
                        .hasMessageContaining("captchaCallbackFilterRegistration"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        CallbackStore ownStore() {
            return new CaffeineCallbackStore(InstantSource.system(), 10);
        }
    }

    @Test
    void contextWhenTheApplicationHasAStoreThenItIsAsked() {
        configured.withUserConfiguration(OwnStore.class).run(context -> {
            CallbackStore store = context.getBean(CallbackStore.class);
            IssuedCallback issued = context.getBean(CaptchaCallbacks.class).issue();

            assertThat(store.abandon(issued.reference())).isTrue();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class SecondStore {

        @Bean
        CallbackStore secondStore() {
            return new CaffeineCallbackStore(InstantSource.system(), 10);
        }
    }

    @Test
    void contextWhenTheApplicationHasTwoStoresThenTheStartFailsAndNoneIsPassedOver() {
        configured
                .withUserConfiguration(OwnStore.class, SecondStore.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoListeners {

        private final List<String> told = new ArrayList<>();

        @Bean
        @Order(2)
        CallbackEventListener second() {
            return event -> told.add("second");
        }

        @Bean
        @Order(1)
        CallbackEventListener first() {
            return event -> told.add("first");
        }
    }

    @Test
    void contextWhenTheApplicationHasListenersThenAllAreToldInTheirOrder() {
        configured.withUserConfiguration(TwoListeners.class).run(context -> {
            context.getBean(CaptchaCallbacks.class).issue();

            assertThat(context.getBean(TwoListeners.class).told).containsExactly("first", "second");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Handling {

        private final List<Callback> handled = new ArrayList<>();

        @Bean
        CallbackHandler ownHandler() {
            return handled::add;
        }

        @Bean
        RecordingListener listener() {
            return new RecordingListener();
        }
    }

    @Test
    void contextWhenTheApplicationHasAHandlerThenItTakesCallbacksInPlaceOfAnEndpoint() {
        configured.withUserConfiguration(Handling.class).run(context -> {
            Exchange exchange = throughSecurity(context, genuine(context));

            assertTakenByTheHandler(context, exchange);
        });
    }

    @Test
    void contextWhenSpringSecurityIsNotThereThenAHandlerTakesCallbacksAsWell() {
        withoutSecurity.withUserConfiguration(Handling.class).run(context -> {
            Filter filter = Objects.requireNonNull(
                    context.getBean("captchaCallbackFilterRegistration", FilterRegistrationBean.class)
                            .getFilter());

            assertTakenByTheHandler(context, through(filter, genuine(context)));
        });
    }

    private static void assertTakenByTheHandler(ApplicationContext context, Exchange exchange) throws Exception {
        assertThat(exchange.reachedTheApplication()).isFalse();
        assertThat(exchange.answer().getStatus()).isEqualTo(200);
        assertThat(exchange.answer().getContentAsString()).isEqualTo("OK");
        context.getBean(CallbackEndpoint.class).close();
        assertThat(context.getBean(Handling.class).handled)
                .extracting(Callback::solution)
                .containsExactly("an-answer");
        assertThat(context.getBean(RecordingListener.class).of(CallbackEvent.Settled.class))
                .hasSize(1);
    }

    @Configuration(proxyBeanMethods = false)
    static class SecondHandler {

        @Bean
        CallbackHandler secondHandler() {
            return callback -> {};
        }
    }

    @Test
    void contextWhenTheApplicationHasTwoHandlersThenTheStartFailsAndNeitherIsPassedOver() {
        configured
                .withUserConfiguration(Handling.class, SecondHandler.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(NoUniqueBeanDefinitionException.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnDelivery {

        @Bean
        CallbackEndpoint ownDelivery(CaptchaCallbacks callbacks, CallbackHandler handler) {
            return CallbackEndpoint.of(callbacks, handler, Runnable::run);
        }
    }

    @Test
    void contextWhenTheApplicationHasADeliveryThenItsThreadsAreUsed() {
        configured.withUserConfiguration(Handling.class, OwnDelivery.class).run(context -> {
            assertThat(context.getBeanNamesForType(CallbackEndpoint.class)).containsExactly("ownDelivery");

            throughSecurity(context, genuine(context));

            assertThat(context.getBean(Handling.class).handled).hasSize(1);
        });
    }

    @Test
    void contextWhenClosedThenWhatWasTakenOnIsHandledAndSettledFirst() {
        CountDownLatch closing = new CountDownLatch(1);
        RecordingListener listener = new RecordingListener();
        configured
                .withBean(CallbackEventListener.class, () -> listener)
                .withBean(CallbackHandler.class, () -> callback -> closing.await())
                .run(context -> {
                    throughSecurity(context, genuine(context));
                    assertThat(listener.of(CallbackEvent.Settled.class)).isEmpty();
                    context.addApplicationListener(
                            (ApplicationListener<ContextClosedEvent>) event -> closing.countDown());
                });

        assertThat(listener.of(CallbackEvent.Settled.class)).hasSize(1);
    }

    @Test
    void contextWhenAcceptedThenTheAuthenticationIsNotLeftOnTheThread() {
        configured.run(context -> {
            throughSecurity(context, genuine(context));

            assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
        });
    }
}
