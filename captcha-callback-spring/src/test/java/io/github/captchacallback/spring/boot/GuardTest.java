package io.github.captchacallback.spring.boot;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.CallbackWiringException;
import io.github.captchacallback.spring.CaptchaCallbackListener;
import io.github.captchacallback.spring.TestApplication;
import io.github.captchacallback.spring.TestApplication.Security;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.EmptyTargetSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.pattern.PathPatternParser;

/** Tests that a Boot application guards its callbacks whatever else it configures, or does not start and says why. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("thorough")
class GuardTest {

    private static final String PATH = TestApplication.PATH;
    private static final String OTHER_PATH = "/other/callback";
    private static final String FORGED = "?token=v1.test.AAAAAAAAAAAAAAAAAAAAAA.1700000000." + "0".repeat(64);

    /** Trusts whoever comes, so that it is the guard's doing if a forged callback does not arrive. */
    @RestController
    static class Endpoint {

        private final List<String> arrivals = new CopyOnWriteArrayList<>();

        @RequestMapping(PATH)
        String callback(HttpServletRequest request) {
            arrivals.add(String.valueOf(request.getParameter("code")));
            return "handled";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Base {

        static CaptchaCallbacks callbacks(String path) {
            return CaptchaCallbacks.builder()
                    .publicUrl("https://your-server.com" + path)
                    .signingKey("test", TestApplication.SECRET)
                    .set("require-https", "false")
                    .build();
        }
    }

    private static void assertGuarded(TestApplication application, int genuineByPost) {
        assertGuarded(application, application.bean(CaptchaCallbacks.class), genuineByPost);
    }

    private static void assertGuarded(TestApplication application, CaptchaCallbacks callbacks, int genuineByPost) {
        String path = callbacks.settings().path();
        List<String> arrivals = application.bean(Endpoint.class).arrivals;
        arrivals.clear();
        assertThat(application.get(path + FORGED + "&id=1&code=forged").statusCode())
                .isEqualTo(403);
        assertThat(application.post(path + FORGED, "id=1&code=forged").statusCode())
                .isEqualTo(403);
        assertThat(application.get(path + "?id=1&code=forged").statusCode()).isEqualTo(400);
        assertThat(arrivals).isEmpty();

        String genuine = TestApplication.target(callbacks.issue().url());
        assertThat(application.get(genuine + "&id=1&code=genuine").body()).isEqualTo("handled");
        String posted = TestApplication.target(callbacks.issue().url());
        assertThat(application.post(posted, "id=1&code=posted").statusCode()).isEqualTo(genuineByPost);
        assertThat(arrivals)
                .containsExactlyElementsOf(genuineByPost == 200 ? List.of("genuine", "posted") : List.of("genuine"));
    }

    // ---- what is guarded

    @SpringBootConfiguration
    @Import(Base.class)
    static class OwnCallbacks {

        @Bean
        CaptchaCallbacks ownCallbacks() {
            return Base.callbacks(PATH);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class OwnEndpoint {

        @Bean
        CallbackEndpoint ownEndpoint() {
            return CallbackEndpoint.of(Base.callbacks(PATH));
        }
    }

    @ParameterizedTest
    @EnumSource(Security.class)
    void startWhenThereIsABeanAndNoPropertyThenItIsGuarded(Security security) {
        try (TestApplication application = TestApplication.startBare(security.application(OwnCallbacks.class))) {
            assertGuarded(application, 200);
        }
        try (TestApplication application = TestApplication.startBare(security.application(OwnEndpoint.class))) {
            assertGuarded(application, application.bean(CallbackEndpoint.class).callbacks(), 200);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class BesidesAPrimaryOne {

        @Bean
        @Primary
        CaptchaCallbacks first() {
            return Base.callbacks("/first/callback");
        }

        @Bean
        CaptchaCallbacks second() {
            return Base.callbacks(PATH);
        }
    }

    @ParameterizedTest
    @EnumSource(Security.class)
    void startWhenASecondBeanIsBesidesAPrimaryOneThenBothAreGuarded(Security security) {
        try (TestApplication application = TestApplication.startBare(security.application(BesidesAPrimaryOne.class))) {
            assertGuarded(application, application.bean("second", CaptchaCallbacks.class), 200);
            assertThat(application.get("/first/callback?id=1&code=x").statusCode())
                    .isEqualTo(400);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class Nested {

        @Bean
        CaptchaCallbacks outer() {
            return Base.callbacks("/captcha");
        }

        @Bean
        CaptchaCallbacks inner() {
            return Base.callbacks(PATH);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class DifferentInCase {

        @Bean
        CaptchaCallbacks lower() {
            return Base.callbacks(PATH);
        }

        @Bean
        CaptchaCallbacks upper() {
            return Base.callbacks("/Captcha/Callback");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Nested.class, DifferentInCase.class})
    void startWhenTheEndpointsCoverEachOtherThenStopsAndNamesBothPaths(Class<?> configuration) {
        assertThatThrownBy(() -> TestApplication.startBare(configuration))
                .hasRootCauseInstanceOf(CallbackWiringException.class)
                .rootCause()
                .hasMessageContainingAll("aptcha", PATH, "cover each other");
    }

    @ParameterizedTest
    @EnumSource(Security.class)
    void startThenTheLogSaysOnceWhatIsGuarded(Security security, CapturedOutput output) {
        TestApplication.start(security.application(Base.class), "logging.level.io.github.captchacallback=info")
                .close();

        assertThat(output.toString().lines().filter(line -> line.contains("Callbacks are verified at " + PATH)))
                .singleElement()
                .asString()
                .doesNotContain(TestApplication.SECRET);
    }

    // ---- whatever Spring Security does

    @SpringBootConfiguration
    @Import(Base.class)
    static class Ignoring {

        @Bean
        WebSecurityCustomizer ignoring() {
            return web -> web.ignoring()
                    .requestMatchers(PathPatternRequestMatcher.withDefaults().matcher("/captcha/**"));
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class ChainOfHighestPrecedence {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.securityMatcher("/captcha/**")
                    .csrf(AbstractHttpConfigurer::disable)
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @SpringBootConfiguration
    @Import({Base.class, ChainOfHighestPrecedence.class})
    static class DslOnAnotherChain {

        @Bean
        SecurityFilterChain others(HttpSecurity http) throws Exception {
            return http.securityMatcher("/others/**")
                    .with(captchaCallback(), Customizer.withDefaults())
                    .build();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Ignoring.class, ChainOfHighestPrecedence.class, DslOnAnotherChain.class})
    void startWhenTheFilterChainsLeaveTheCallbackPathOutThenItIsGuardedAndAWarningSaysWhatIsMissing(
            Class<?> configuration, CapturedOutput output) {
        try (TestApplication application = TestApplication.start(configuration)) {
            assertGuarded(application, 200);
        }
        assertThat(output).contains("Callbacks at /captcha/callback are verified, but the filter chain");
    }

    /** Without the auto-configuration there is no servlet filter: the filter chain is the guard. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = CaptchaCallbackAutoConfiguration.class)
    @Import(Endpoint.class)
    static class OnlyChains {

        @Bean
        CaptchaCallbacks callbacks() {
            return Base.callbacks(PATH);
        }

        @Bean
        @Order(2)
        SecurityFilterChain guarded(HttpSecurity http) throws Exception {
            return http.securityMatcher("/captcha/**", "/others/**")
                    .with(captchaCallback(), Customizer.withDefaults())
                    .build();
        }
    }

    @SpringBootConfiguration
    @Import({OnlyChains.class, Ignoring.class})
    static class OnlyChainsAndIgnoring {}

    @SpringBootConfiguration
    @Import({OnlyChains.class, ChainOfHighestPrecedence.class})
    static class OnlyChainsAndAnother {}

    @SpringBootConfiguration
    @EnableAutoConfiguration(exclude = CaptchaCallbackAutoConfiguration.class)
    @Import(Endpoint.class)
    static class OnlyAChainOfOthers {

        @Bean
        SecurityFilterChain others(HttpSecurity http) throws Exception {
            return http.securityMatcher("/others/**")
                    .with(captchaCallback(), c -> c.callbacks(Base.callbacks(PATH)))
                    .build();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {OnlyChainsAndIgnoring.class, OnlyChainsAndAnother.class, OnlyAChainOfOthers.class})
    void startWhenOnlyAChainWouldGuardAndAnotherTakesThePathThenStops(Class<?> configuration) {
        assertThatThrownBy(() -> TestApplication.startBare(configuration))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("Nothing guards /captcha/callback", "takes the requests", "web.ignoring()");
    }

    @SpringBootConfiguration
    @EnableWebSecurity(debug = true)
    @Import({OnlyChains.class, ChainOfHighestPrecedence.class})
    static class OnlyChainsAndAnotherWithDebugging {}

    @Test
    void startWhenSpringSecurityIsDebuggedThenTheChainsAreCheckedAllTheSame() {
        assertThatThrownBy(() -> TestApplication.startBare(OnlyChainsAndAnotherWithDebugging.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContaining("Nothing guards /captcha/callback");
    }

    @SpringBootConfiguration
    @Import(OnlyChains.class)
    static class OnlyChainsAndAFailingMatcher {

        @Bean
        @Order(1)
        SecurityFilterChain failing(HttpSecurity http) throws Exception {
            return http.securityMatcher(request -> {
                        throw new UnsupportedOperationException("no real request");
                    })
                    .build();
        }
    }

    @Test
    void startWhenAMatcherFailsOnTheMadeUpRequestThenWarnsThatNothingCouldBeChecked(CapturedOutput output) {
        TestApplication.startBare(OnlyChainsAndAFailingMatcher.class).close();

        assertThat(output).contains("guards GET /captcha/callback could not be checked", "no real request");
    }

    /** The chain has callbacks of its own for the path that the servlet filter guards. */
    @SpringBootConfiguration
    @Import(Base.class)
    static class SettingsBesidesProperties {

        @Bean
        SecurityFilterChain everything(HttpSecurity http) throws Exception {
            return http.with(
                            captchaCallback(),
                            c -> c.settings(s -> s.publicUrl("https://your-server.com" + PATH + "/nested")
                                    .signingKey("test", TestApplication.SECRET)))
                    .build();
        }
    }

    @Test
    void startWhenAChainGuardsThePathOfTheServletFilterByOtherCallbacksThenStopsAndNamesBothPaths() {
        assertThatThrownBy(() -> TestApplication.start(SettingsBesidesProperties.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll(PATH + " and ", PATH + "/nested", "the same one");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration(exclude = CaptchaCallbackAutoConfiguration.class)
    static class TwoChainsOfOnePath {

        @Bean
        @Order(1)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/captcha/**")
                    .with(captchaCallback(), c -> c.callbacks(Base.callbacks(PATH)))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain second(HttpSecurity http) throws Exception {
            return http.with(captchaCallback(), c -> c.callbacks(Base.callbacks(PATH)))
                    .build();
        }
    }

    @Test
    void startWhenTwoChainsGuardOnePathByTwoCallbacksThenStops() {
        assertThatThrownBy(() -> TestApplication.startBare(TwoChainsOfOnePath.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("Two endpoints are guarded at " + PATH, "the same one");
    }

    // ---- whatever filters there are

    @Test
    void postWhenHiddenMethodsAreFilteredThenTheFormReachesTheGuard() {
        try (TestApplication application =
                TestApplication.start(Base.class, "spring.mvc.hiddenmethod.filter.enabled=true")) {
            assertGuarded(application, 200);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class ReadingFilter {

        @Bean
        FilterRegistrationBean<Filter> reading() {
            FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
                request.getParameterMap();
                chain.doFilter(request, response);
            });
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }
    }

    @Test
    void postWhenAFilterOfHighestPrecedenceReadsParametersThenTheFormReachesTheGuardFirst() {
        try (TestApplication application = TestApplication.start(ReadingFilter.class)) {
            assertGuarded(application, 200);
        }
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class SwitchedOff {

        @Bean
        static BeanPostProcessor switchingOff() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof GuardRegistration registration) {
                        registration.setEnabled(false);
                    }
                    return bean;
                }
            };
        }
    }

    @Test
    void startWhenTheGuardIsNotRegisteredThenStops() {
        assertThatThrownBy(() -> TestApplication.start(SwitchedOff.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("is not registered", PATH);
    }

    // ---- nothing is configured

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Nothing {}

    @Test
    void startWhenNothingIsConfiguredThenTheLogSaysSo(CapturedOutput output) {
        TestApplication.startBare(Nothing.class, "spring.profiles.active=dev,local")
                .close();

        assertThat(output).contains("captcha-callback is on the class path but guards nothing", "[dev, local]");
    }

    @RestController
    static class Trusting {

        @RequestMapping(PATH)
        String callback(Callback callback) {
            return callback.reference();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Trusting.class)
    static class TrustingApplication {}

    @Test
    void startWhenAControllerTakesCallbacksAndNothingIsConfiguredThenStopsAndNamesTheProfiles() {
        assertThatThrownBy(() -> TestApplication.startBare(TrustingApplication.class, "spring.profiles.active=dev"))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("Trusting.callback", "nothing verifies callbacks", "[dev]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captcha.calback.public-url",
                "captcha-callback.public-url",
                "captchacallback.require-https",
                "captcha.callbacks.signature.keys.2026-11",
                "shop.captcha.callback.ttl"
            })
    void startWhenThePrefixIsMistypedThenStopsAndSaysWhatToWrite(String property, CapturedOutput output) {
        if (property.startsWith("shop.")) {
            TestApplication.startBare(Nothing.class, property + "=x").close();
            return;
        }
        assertThatThrownBy(() -> TestApplication.start(Nothing.class, property + "=x"))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll(property, "Write captcha.callback.");
        assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hcaptcha.callback.path", "recaptcha.callback.methods", "recaptcha-callback.path"})
    void startWhenThePrefixIsOfAnotherProductThenItIsNotTakenForOurs(String property) {
        TestApplication.startBare(Nothing.class, property + "=x").close();
    }

    @Test
    void startWhenTheApplicationIsReactiveThenStopsAndSaysThatThereIsNoGuard() {
        ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CaptchaCallbackAutoConfiguration.class,
                        CaptchaCallbackMvcAutoConfiguration.class,
                        CaptchaCallbackMisuseAutoConfiguration.class));

        reactive.run(context -> assertThat(context).hasNotFailed());
        reactive.withPropertyValues(TestApplication.PROPERTIES.toArray(String[]::new))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CallbackWiringException.class)
                        .hasMessageContainingAll("WebFlux", "no guard", "spring-boot-starter-web"));
        reactive.withBean("own", CaptchaCallbacks.class, () -> notMade(CaptchaCallbacks.class))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CallbackWiringException.class)
                        .hasMessageContainingAll("[own]", "WebFlux", "remove the beans"));
        reactive.withBean("ownEndpoint", CallbackEndpoint.class, () -> notMade(CallbackEndpoint.class))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CallbackWiringException.class)
                        .hasMessageContainingAll("[ownEndpoint]", "WebFlux", "remove the beans"));
    }

    private static <T> T notMade(Class<T> type) {
        throw new AssertionError("The check makes no bean, and this is a " + type.getSimpleName());
    }

    // ---- what is mapped

    @RestController
    static class Elsewhere {

        @RequestMapping(OTHER_PATH)
        String callback(Callback callback) {
            return callback.reference();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Elsewhere.class)
    static class MappedElsewhere {}

    @ParameterizedTest
    @EnumSource(Security.class)
    void startWhenTheControllerIsMappedElsewhereThenStopsAndNamesBothPaths(Security security) {
        assertThatThrownBy(() -> TestApplication.start(security.application(MappedElsewhere.class)))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("Elsewhere.callback", OTHER_PATH, PATH);
    }

    @Test
    void startWhenThePathOfTheDispatcherServletIsMissingInThePublicUrlThenStopsAndNamesBothPaths() {
        assertThatThrownBy(() -> TestApplication.start(TrustingApplication.class, "spring.mvc.servlet.path=/api"))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("/api" + PATH, "[" + PATH + "]");
    }

    @Test
    void startWhenNoControllerIsMappedThenWarns(CapturedOutput output) {
        TestApplication.start(Nothing.class).close();

        assertThat(output).contains("No controller is mapped to /captcha/callback");
    }

    @Test
    void startWhenAControllerIsMappedThenDoesNotWarn(CapturedOutput output) {
        TestApplication.start(Base.class).close();

        assertThat(output).doesNotContain("No controller is mapped");
    }

    @SpringBootConfiguration
    @Import(Base.class)
    static class HandlerAndEndpoint {

        @Bean
        CallbackHandler handler() {
            return callback -> {};
        }
    }

    @Test
    void startWhenThereAreAHandlerAndAnEndpointThenStopsAndNamesTheEndpoint() {
        assertThatThrownBy(() -> TestApplication.start(HandlerAndEndpoint.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("CallbackHandler", "Endpoint.callback", PATH, "Remove one");
    }

    @SpringBootConfiguration
    @Import({OwnEndpoint.class, HandlerAndEndpoint.class})
    static class HandlerBesidesAnOwnEndpoint {}

    @Test
    void startWhenNoEndpointHasTheHandlerThenStopsAndNamesIt() {
        assertThatThrownBy(() -> TestApplication.startBare(HandlerBesidesAnOwnEndpoint.class))
                .rootCause()
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("[handler]", "would never be called");
    }

    interface Orders {}

    static class OrdersOfTheShop implements Orders {

        @CaptchaCallbackListener
        void complete(Callback callback) {}
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class DeclaredAsAnInterface {

        @Bean
        Orders orders() {
            return new OrdersOfTheShop();
        }
    }

    @Test
    void startWhenTheListenersBeanIsDeclaredAsAnInterfaceThenStopsAndSaysWhatToWrite() {
        assertThatThrownBy(() -> TestApplication.start(DeclaredAsAnInterface.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("OrdersOfTheShop.complete", "'orders'", "with the type OrdersOfTheShop");
    }

    static class OrdersByTheirClass {

        @CaptchaCallbackListener
        void settle(Callback callback) {}
    }

    @SpringBootConfiguration
    @Import(DeclaredAsAnInterface.class)
    static class OneByItsClassAndOneByAnInterface {

        @Bean
        OrdersByTheirClass byTheirClass() {
            return new OrdersByTheirClass();
        }
    }

    @Test
    void startWhenASecondListenerIsDeclaredAsAnInterfaceThenStopsAndNamesBoth() {
        assertThatThrownBy(() -> TestApplication.start(OneByItsClassAndOneByAnInterface.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "OrdersOfTheShop.complete", "OrdersByTheirClass.settle", "annotate one method");
    }

    interface Shop {

        void order();
    }

    static class ProxiedShop implements Shop {

        @Override
        public void order() {}

        @CaptchaCallbackListener
        public void complete(Callback callback) {}
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class BehindAProxyOfItsInterface {

        @Bean
        ProxiedShop shop() {
            return new ProxiedShop();
        }

        @Bean
        static BeanPostProcessor proxying() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof ProxiedShop ? proxy(bean) : bean;
                }
            };
        }

        private static Object proxy(Object bean) {
            ProxyFactory factory = new ProxyFactory(Shop.class, EmptyTargetSource.INSTANCE);
            factory.setTarget(bean);
            return factory.getProxy();
        }
    }

    @Test
    void startWhenTheListenersBeanIsAProxyWithoutTheMethodThenStopsAndSaysWhatToChange() {
        assertThatThrownBy(() -> TestApplication.start(BehindAProxyOfItsInterface.class))
                .isInstanceOf(CallbackWiringException.class)
                .hasMessageContainingAll("ProxiedShop.complete", "'shop'", "proxy-target-class");
    }

    // ---- whatever spelling Spring MVC takes for the path

    /** The filter is as it was before it learnt this spelling: it is not asked about the path at all. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class CaseInsensitive implements WebMvcConfigurer {

        @Override
        public void configurePathMatch(PathMatchConfigurer configurer) {
            PathPatternParser parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            configurer.setPatternParser(parser);
        }

        @Bean
        static BeanPostProcessor withoutTheServletFilter() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof GuardRegistration registration) {
                        registration.getFilter().setFilters(List.<Filter>of());
                    }
                    return bean;
                }
            };
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PATH, "/captcha/callbac%E2%84%AA", "/CAPTCHA/callback"})
    void getWhenSpringMvcMapsWhatTheFilterLetThroughThenItIsRefusedAllTheSame(String spelling, CapturedOutput output) {
        try (TestApplication application = TestApplication.start(Security.WITHOUT.application(CaseInsensitive.class))) {
            HttpResponse<String> answer = application.get(spelling + "?id=1&code=forged");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"error\":\"malformed callback\"}");
            assertThat(application.bean(Endpoint.class).arrivals).isEmpty();
        }
        assertThat(output).containsOnlyOnce("that the guard did not take for one");
    }

    @Test
    void startThenEveryEndpointIsGuardedByOneFilter() {
        try (TestApplication application = TestApplication.startBare(BesidesAPrimaryOne.class)) {
            assertThat(application.beans(CaptchaCallbackFilter.class)).isEmpty();
            assertThat(application.beans(GuardRegistration.class)).hasSize(1);
        }
    }
}
