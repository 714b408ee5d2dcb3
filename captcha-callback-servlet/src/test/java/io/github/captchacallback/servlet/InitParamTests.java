package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what a filter does that {@code web.xml} names by its class. */
interface InitParamTests extends DeclaredWebappTests {

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
    default void initWhenAHandlerIsNamedThenItHasTheCallbacks() {
        CaptchaCallbacks callbacks =
                startWith(DeclaredWebappTests.with("handler", " " + NamedHandler.class.getName() + " "));
        IssuedCallback issued = callbacks.issue();

        assertThat(webapp().get(genuine(Webapp.target(issued))).body()).isEqualTo("OK");
        assertThat(NamedHandler.next().reference()).isEqualTo(issued.reference());
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
        Map<String, String> parameters = DeclaredWebappTests.with(name, value);
        Throwable cores = catchThrowable(
                () -> CaptchaCallbacks.builder().settings(parameters).build());

        assertStops(filter(parameters))
                .hasMessage(cores.getMessage())
                .hasMessageContaining(name)
                .hasMessageNotContaining(Webapp.SECRET)
                .hasMessageNotContaining("too-short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no.such.Handler",
                "java.lang.String",
                "io.github.captchacallback.servlet.DeclaredWebappTests$PrivateHandler",
                "io.github.captchacallback.servlet.DeclaredWebappTests$BrokenHandler",
                "io.github.captchacallback.delivery.CallbackHandler",
                "",
            })
    default void initWhenTheHandlerCannotBeMadeThenTheStartStops(String handler) {
        assertStops(filter(DeclaredWebappTests.with("handler", handler)))
                .hasMessage("captcha.callback.handler = '" + handler + "': it cannot be made. Name a class that"
                        + " implements io.github.captchacallback.delivery.CallbackHandler and has a public"
                        + " constructor without parameters.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/shop", "/captcha/callback", "/cap"})
    default void initWhenThePathLiesOutsideTheWebappThenTheStartStops(String contextPath) {
        assertThatThrownBy(() -> webapp().contextPath(contextPath)
                        .filterDeclaredBy(filter(PARAMETERS))
                        .tryStart())
                .hasStackTraceContaining("/captcha/callback': no request of this webapp arrives"
                        + " there, since its context path is " + contextPath);
    }

    @Test
    default void initWhenTheFilterIsMadeByTheApplicationThenThePathIsCheckedAsWell() {
        assertThatThrownBy(() -> webapp().contextPath("/shop")
                        .set("path", "/captcha/callback")
                        .tryStart())
                .hasStackTraceContaining("/captcha/callback': no request of this webapp arrives"
                        + " there, since its context path is /shop");
    }

    @Test
    default void initWhenThePathIsGivenThenItCountsInsteadOfTheUrls() {
        CaptchaCallbacks callbacks = startWith(DeclaredWebappTests.with("path", "/captcha/callback"));
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
    default void destroyWhenAHandlerIsAtWorkThenItWaits() throws InterruptedException {
        CaptchaCallbacks callbacks = startWith(DeclaredWebappTests.with("handler", NamedHandler.class.getName()));
        CountDownLatch mayProceed = new CountDownLatch(1);
        CountDownLatch called = NamedHandler.holdUntil(mayProceed);
        IssuedCallback issued = callbacks.issue();
        assertThat(webapp().get(genuine(Webapp.target(issued))).status()).isEqualTo(200);
        Webapp.await(called);

        webapp().stopWhile(() -> mayProceed.countDown());

        assertThat(NamedHandler.hasNext()).isTrue();
        assertThat(NamedHandler.next().reference()).isEqualTo(issued.reference());
    }

    @Test
    default void destroyWhenTheApplicationHasMadeTheFilterThenItClosesNothing() {
        webapp().start();
        IssuedCallback issued = webapp().callbacks().issue();

        webapp().stop();

        webapp().callbacks().bind(issued.reference(), "1");
    }
}
