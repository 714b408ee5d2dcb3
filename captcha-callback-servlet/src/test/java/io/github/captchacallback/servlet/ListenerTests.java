package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.DeclaredWebappTests.properties;
import static io.github.captchacallback.servlet.DeclaredWebappTests.with;
import static io.github.captchacallback.servlet.Webapp.SECRET;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.store.CaffeineCallbackStore;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Says what a webapp has of the listener, beside which the filter needs nothing of its own. */
interface ListenerTests extends DeclaredWebappTests {

    /** Declares the listener by its class and the filter without init-params, as in {@code web.xml}. */
    private void listenerAndFilter(ServletContext context) {
        context.addListener(CaptchaCallbackContextListener.class.getName());
        filter(Map.of()).accept(context);
    }

    /** Declares a listener that was handed what the application has built. */
    private Consumer<ServletContext> listenerAndFilter(CaptchaCallbackContextListener listener) {
        return context -> {
            context.addListener(listener);
            filter(Map.of()).accept(context);
        };
    }

    private void withContextParams(Map<String, String> parameters) {
        parameters.forEach((name, value) -> webapp().contextParam("captcha.callback." + name, value));
    }

    private static CaptchaCallbacks built(Runnable onClose) {
        return CaptchaCallbacks.builder()
                .settings(PARAMETERS)
                .store(new FailingStore(new CaffeineCallbackStore(InstantSource.system(), 100)).onClose(onClose))
                .build();
    }

    @Test
    default void listenerWhenDeclaredThenTheWebappIssuesAndTheFilterJudges() {
        withContextParams(PARAMETERS);
        webapp().contextParam("contextConfigLocation", "/WEB-INF/not-ours.xml");
        String issued = Webapp.target(startAs(this::listenerAndFilter).issue());

        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
        assertThat(webapp().get(Webapp.PATH).status()).isEqualTo(400);
        assertThat(webapp().handled()).hasSize(1);
    }

    /** Declares the listener as {@code web.xml} does it, and this beside it. */
    private void assertStopsBeside(Consumer<ServletContext> declaration) {
        withContextParams(PARAMETERS);
        webapp().declaredListener(CaptchaCallbackContextListener.class);

        assertStops(declaration)
                .hasMessageStartingWith("A CaptchaCallbackContextListener issues callback URLs in this webapp, but no"
                        + " io.github.captchacallback.servlet.CaptchaCallbackFilter is mapped to /*, so forged callbacks"
                        + " would reach the endpoint. Declare the filter in web.xml,");
    }

    @Test
    default void listenerWhenThereIsNoFilterThenTheStartStops() {
        assertStopsBeside(context -> {});
    }

    @Test
    default void listenerWhenTheFilterHasNoMappingThenTheStartStops() {
        webapp().filterMappings();
        assertStopsBeside(filter(Map.of()));
    }

    @Test
    default void listenerWhenTheFilterIsMappedToTheExactPathOnlyThenTheStartStops() {
        webapp().filterMappings(Webapp.PATH);
        assertStopsBeside(filter(Map.of()));
    }

    @Test
    default void listenerWhenDeclaredBesideAFilterForEveryPathThenTheFilterJudges() {
        withContextParams(PARAMETERS);
        webapp().declaredListener(CaptchaCallbackContextListener.class);
        String issued = Webapp.target(startAs(filter(Map.of())).issue());

        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
    }

    /** A listener that a program adds may not ask for the filters, and the container starts. */
    @Test
    default void listenerWhenAProgramAddsItWithoutAFilterThenNothingIsServed() {
        withContextParams(PARAMETERS);
        webapp().servlet(
                        "/elsewhere",
                        (request, response) -> response.getOutputStream().print("reached"));
        startAs(context -> context.addListener(CaptchaCallbackContextListener.class.getName()));

        for (String path : List.of(Webapp.PATH + "?id=1&code=2", "/elsewhere", "/elsewhere")) {
            assertThat(webapp().get(path).status()).as(path).isEqualTo(500);
        }
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void listenerWhenAnotherIsDeclaredAfterItThenThatOneMayIssueAtOnce() {
        CompletableFuture<IssuedCallback> issued = new CompletableFuture<>();
        withContextParams(PARAMETERS);
        startAs(context -> {
            listenerAndFilter(context);
            context.addListener(new ServletContextListener() {
                @Override
                public void contextInitialized(ServletContextEvent event) {
                    issued.complete(CaptchaCallbackFilter.callbacks(event.getServletContext())
                            .orElseThrow()
                            .issue());
                }
            });
        });

        webapp().assertAccepts(Webapp.target(issued.join()));
    }

    @Test
    default void listenerWhenTheWebappHasAFileThenItNeedsNothingElse() {
        webapp().file(SettingPlaceTests.FILE, properties(PARAMETERS));

        webapp().assertAccepts(Webapp.target(startAs(this::listenerAndFilter).issue()));
    }

    @Test
    default void listenerWhenContextParamsNameAFileAndAHandlerThenTheyCount() {
        webapp().file(SettingPlaceTests.RESOURCE, properties(PARAMETERS))
                .contextParam("captcha.callback.config", "classpath:conf/captcha.properties")
                .contextParam("captcha.callback.handler", NamedHandler.class.getName());
        IssuedCallback issued = startAs(this::listenerAndFilter).issue();

        assertThat(webapp().get(genuine(Webapp.target(issued))).body()).isEqualTo("OK");
        assertThat(NamedHandler.next().reference()).isEqualTo(issued.reference());
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void listenerWhenAContextParamOfOursIsUnknownThenTheStartStops() {
        withContextParams(with("publik-url", ORIGIN));

        assertStops(this::listenerAndFilter)
                .hasMessageStartingWith("captcha.callback.publik-url: there is no such setting. Did you mean");
    }

    @Test
    default void listenerWhenIdsOfKeysDifferOnlyInCaseDashAndUnderscoreThenTheStartStops() {
        withContextParams(with("signature.keys.Prod_1", SECRET));
        webapp().file(SettingPlaceTests.FILE, properties(Map.of("signature.keys.prod-1", SECRET)));

        assertStops(this::listenerAndFilter)
                .hasMessage(
                        "/WEB-INF/captcha-callback.properties, line 1: captcha.callback.signature.keys.prod-1: there is"
                                + " also a key Prod_1, whose id differs only in case, '-' or '_'. Rename one of the two, and use the"
                                + " same spelling in every place.");
    }

    @Test
    default void listenerWhenTheFilterHasInitParamsAsWellThenTheStartStopsAndTellsNoSecret() {
        withContextParams(PARAMETERS);

        assertStops(context -> {
                    context.addListener(CaptchaCallbackContextListener.class.getName());
                    filter(Map.of("signature.keys.k9", SECRET)).accept(context);
                })
                .hasMessage("captcha.callback.signature.keys.k9: as an init-param it would count for nothing, since a"
                        + " listener or another filter has made what this webapp guards with. Make it a context-param, or"
                        + " make the filter of another endpoint in Java.");
    }

    @Test
    default void filtersWhenTwoHaveInitParamsThenTheStartStops() {
        assertStops(context -> {
                    filter(PARAMETERS).accept(context);
                    webapp().map(another(context, with("public-url", ORIGIN + "/other/callback")));
                })
                .hasMessageContaining("as an init-param it would count for nothing");
    }

    private static FilterRegistration.Dynamic another(ServletContext context, Map<String, String> parameters) {
        FilterRegistration.Dynamic another = context.addFilter("another", CaptchaCallbackFilter.class.getName());
        another.setInitParameters(parameters);
        return another;
    }

    @Test
    default void filtersWhenTwoGuardWithTheListenersThenOneRequestIsOneClaim() {
        withContextParams(PARAMETERS);
        String issued = Webapp.target(startAs(context -> {
                    listenerAndFilter(context);
                    webapp().map(another(context, Map.of()));
                })
                .issue());

        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
    }

    @Test
    default void listenerWhenTheApplicationHasBuiltThenTheFilterGuardsWithThatAndTheStopClosesIt() {
        List<String> closed = new CopyOnWriteArrayList<>();
        CaptchaCallbacks callbacks = built(() -> closed.add("store"));
        assertThat(startAs(listenerAndFilter(new CaptchaCallbackContextListener(CallbackEndpoint.of(callbacks)))))
                .isSameAs(callbacks);

        webapp().assertAccepts(Webapp.target(callbacks.issue()));
        assertThat(closed).isEmpty();
        webapp().stop();

        assertThat(closed).isNotEmpty();
    }

    @Test
    default void listenerWhenAHandlerIsAtWorkThenTheStopWaitsForItBeforeItClosesTheStore() throws InterruptedException {
        List<String> steps = new CopyOnWriteArrayList<>();
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch mayProceed = new CountDownLatch(1);
        CaptchaCallbacks callbacks = built(() -> steps.add("closed"));
        CallbackEndpoint delivery = CallbackEndpoint.of(callbacks, callback -> {
            called.countDown();
            Webapp.await(mayProceed);
            steps.add("handled");
        });
        startAs(listenerAndFilter(new CaptchaCallbackContextListener(delivery)));
        assertThat(webapp().get(genuine(Webapp.target(callbacks.issue()))).body())
                .isEqualTo("OK");
        Webapp.await(called);

        webapp().stopWhile(() -> mayProceed.countDown());

        assertThat(steps).startsWith("handled", "closed");
    }

    @Test
    default void listenerWhenNothingArrivesInTheWebappThenTheStartStopsAndWhatWasBuiltIsClosed() {
        List<String> closed = new CopyOnWriteArrayList<>();
        webapp().contextPath("/shop");

        assertStops(listenerAndFilter(
                        new CaptchaCallbackContextListener(CallbackEndpoint.of(built(() -> closed.add("store"))))))
                .hasMessageStartingWith("captcha.callback.public-url = 'https://")
                .hasMessageContaining("/captcha/callback': no request of this webapp arrives");
        assertThat(closed).containsExactly("store");
    }

    @Test
    default void listenersWhenThereAreTwoThenTheStartStopsAndWhatWasBuiltIsClosed() {
        List<String> closed = new CopyOnWriteArrayList<>();
        withContextParams(PARAMETERS);

        assertStops(context -> {
                    context.addListener(CaptchaCallbackContextListener.class.getName());
                    context.addListener(
                            new CaptchaCallbackContextListener(CallbackEndpoint.of(built(() -> closed.add("store")))));
                })
                .hasMessage("This webapp already has its callbacks: declare one CaptchaCallbackContextListener");
        assertThat(closed).containsExactly("store");
    }
}
