package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.SECRET;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.delivery.CallbackHandler;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what a filter does that {@code web.xml} names by its class. */
interface InitParamTests extends WebappTests {

    Map<String, String> PARAMETERS = Map.of(
            "public-url", "https://callbacks.example/captcha/callback",
            "signature.keys.k1", SECRET,
            "require-https", "false");

    /** Takes callbacks for a webapp that names it in an init-param. */
    final class NamedHandler implements CallbackHandler {

        private static final BlockingQueue<Callback> CALLBACKS = new LinkedBlockingQueue<>();
        private static volatile CountDownLatch mayProceed = new CountDownLatch(0);
        private static volatile CountDownLatch called = new CountDownLatch(0);

        /** Is called by the filter. */
        public NamedHandler() {}

        @Override
        public void handle(Callback callback) {
            called.countDown();
            Webapp.await(mayProceed);
            CALLBACKS.add(callback);
        }
    }

    /** Is no handler, since nobody but this class can make it. */
    final class PrivateHandler implements CallbackHandler {

        private PrivateHandler() {}

        @Override
        public void handle(Callback callback) {}
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> parameters = new HashMap<>(PARAMETERS);
        parameters.put(name, value);
        return parameters;
    }

    private Consumer<ServletContext> declaring(Map<String, String> parameters) {
        return context -> {
            FilterRegistration.Dynamic filter =
                    context.addFilter("captcha-callback", CaptchaCallbackFilter.class.getName());
            filter.setInitParameters(parameters);
            webapp().map(filter);
        };
    }

    /** Starts the webapp, and returns what its filter has put into the servlet context. */
    private CaptchaCallbacks startWith(Map<String, String> parameters) {
        CompletableFuture<ServletContext> held = new CompletableFuture<>();
        webapp().filterDeclaredBy(declaring(parameters)).declare(held::complete).start();
        return CaptchaCallbackFilter.callbacks(held.join()).orElseThrow();
    }

    private static Callback next() throws InterruptedException {
        Callback callback = NamedHandler.CALLBACKS.poll(30, TimeUnit.SECONDS);
        assertThat(callback).isNotNull();
        return callback;
    }

    @Test
    default void initWhenTheParametersAreInOrderThenTheWebappIssuesAndTheFilterJudges() {
        CaptchaCallbacks callbacks = startWith(PARAMETERS);
        String issued = Webapp.target(callbacks.issue());

        assertThat(issued).startsWith("/captcha/callback?token=v1.k1.");
        assertThat(webapp().get(genuine(issued)).body()).isEqualTo(Webapp.HANDLED);
        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(409);
        assertThat(webapp().get(Webapp.PATH).status()).isEqualTo(400);
        assertThat(webapp().handled()).hasSize(1);
    }

    @Test
    default void initWhenTheFilterIsMadeByTheApplicationThenNothingIsPublished() {
        CompletableFuture<ServletContext> held = new CompletableFuture<>();
        webapp().declare(held::complete).start();

        assertThat(CaptchaCallbackFilter.callbacks(held.join())).isEmpty();
    }

    @Test
    default void initWhenAHandlerIsNamedThenItHasTheCallbacks() throws Exception {
        CaptchaCallbacks callbacks = startWith(with("handler", " " + NamedHandler.class.getName() + " "));
        IssuedCallback issued = callbacks.issue();

        assertThat(webapp().get(genuine(Webapp.target(issued))).body()).isEqualTo("OK");
        assertThat(next().reference()).isEqualTo(issued.reference());
        assertThat(webapp().handled()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "publik-url, https://callbacks.example/captcha/callback",
        "captcha.callback.public-url, https://callbacks.example/captcha/callback",
        "require-https, ja",
        "freshness.ttl, 5 minutes",
        "source.allow, 10.1.2.3/8",
        "signature.keys.k1, too-short",
        "signature.active-key, k9",
        "public-url, /captcha/callback",
    })
    default void initWhenAParameterCannotBeUsedThenTheStartStopsWithTheCoresMessage(String name, String value) {
        Map<String, String> parameters = with(name, value);
        Throwable cores = catchThrowable(
                () -> CaptchaCallbacks.builder().settings(parameters).build());

        Throwable stopped = catchThrowable(
                () -> webapp().filterDeclaredBy(declaring(parameters)).tryStart());

        assertThat(Stream.iterate(stopped, Objects::nonNull, Throwable::getCause)
                        .reduce((outer, cause) -> cause))
                .get(InstanceOfAssertFactories.THROWABLE)
                .hasMessage(cores.getMessage())
                .hasMessageContaining(name)
                .hasMessageNotContaining(SECRET)
                .hasMessageNotContaining("too-short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no.such.Handler",
                "java.lang.String",
                "io.github.captchacallback.servlet.InitParamTests$PrivateHandler",
                "io.github.captchacallback.delivery.CallbackHandler",
                "",
            })
    default void initWhenTheHandlerCannotBeMadeThenTheStartStops(String handler) {
        assertThatThrownBy(() -> webapp().filterDeclaredBy(declaring(with("handler", handler)))
                        .tryStart())
                .hasStackTraceContaining("init-param handler = '" + handler + "': it cannot be made. Name a class that"
                        + " implements io.github.captchacallback.delivery.CallbackHandler");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/shop", "/captcha/callback", "/cap"})
    default void initWhenThePathLiesOutsideTheWebappThenTheStartStops(String contextPath) {
        assertThatThrownBy(() -> webapp().contextPath(contextPath)
                        .filterDeclaredBy(declaring(PARAMETERS))
                        .tryStart())
                .hasStackTraceContaining(
                        "captcha.callback.path = '/captcha/callback': no request of this webapp arrives"
                                + " there, since its context path is " + contextPath);
    }

    @Test
    default void initWhenTheFilterIsMadeByTheApplicationThenThePathIsCheckedAsWell() {
        assertThatThrownBy(() -> webapp().contextPath("/shop")
                        .set("path", "/captcha/callback")
                        .tryStart())
                .hasStackTraceContaining(
                        "captcha.callback.path = '/captcha/callback': no request of this webapp arrives"
                                + " there, since its context path is /shop");
    }

    @Test
    default void initWhenThePathIsGivenThenItCountsInsteadOfTheUrls() {
        CaptchaCallbacks callbacks = startWith(with("path", "/captcha/callback"));
        String issued = Webapp.target(callbacks.issue());

        assertThat(webapp().get(genuine(issued)).status()).isEqualTo(200);
    }

    @Test
    default void destroyWhenTheFilterHasItsOwnThenItClosesThem() {
        CaptchaCallbacks callbacks = startWith(PARAMETERS);
        String reference = callbacks.issue().reference();
        callbacks.bind(reference, "1");

        webapp().stop();

        assertThatThrownBy(() -> callbacks.bind(reference, "1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void destroyWhenAHandlerIsAtWorkThenItWaits() throws Exception {
        CaptchaCallbacks callbacks = startWith(with("handler", NamedHandler.class.getName()));
        CountDownLatch mayProceed = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        NamedHandler.mayProceed = mayProceed;
        NamedHandler.called = called;
        IssuedCallback issued = callbacks.issue();
        assertThat(webapp().get(genuine(Webapp.target(issued))).status()).isEqualTo(200);
        Webapp.await(called);

        Thread stopping = new Thread(webapp()::stop);
        stopping.start();
        while (stopping.isAlive() && !isAnyoneWaitingForTheHandler()) {
            Thread.onSpinWait();
        }
        assertThat(stopping.isAlive()).isTrue();
        mayProceed.countDown();
        stopping.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(stopping.isAlive()).isFalse();
        Callback handled = NamedHandler.CALLBACKS.poll();
        assertThat(handled).isNotNull();
        assertThat(handled.reference()).isEqualTo(issued.reference());
    }

    private static boolean isAnyoneWaitingForTheHandler() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(BackgroundDelivery.class.getName())
                        && frame.getMethodName().equals("close"));
    }

    @Test
    default void destroyWhenTheApplicationHasMadeTheFilterThenItClosesNothing() {
        webapp().start();
        IssuedCallback issued = webapp().callbacks().issue();

        webapp().stop();

        webapp().callbacks().bind(issued.reference(), "1");
    }
}
