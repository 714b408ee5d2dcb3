package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.EventListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays the application in a running container, with the filter before it, and the service that calls it. What a test does
 * not say is as plain as can be: the root context, an endpoint that answers 200, the filter before everything, and HTTP.
 */
final class Webapp implements AutoCloseable {

    /** The endpoint's path inside the webapp. */
    static final String PATH = "/captcha/callback";

    static final String SECRET = "a secret that only these webapps sign with";

    /** What the endpoint answers with, unless a test has one of its own. */
    static final String HANDLED = "handled";

    static final String TASK_ID = "74327409378";
    static final String CODE = "03AGdBq26_some-code";

    private static final long PATIENCE_SECONDS = 30;
    private static final String ORIGIN = "https://callbacks.example";

    private final TestContainer container;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final List<Consumer<ServletContext>> declarations = new ArrayList<>();
    private final BlockingQueue<CallbackEvent> untaken = new LinkedBlockingQueue<>();
    private final List<CallbackEvent> events = new CopyOnWriteArrayList<>();
    private final List<Callback> handled = new CopyOnWriteArrayList<>();
    private String contextPath = "";
    private volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private UnaryOperator<CallbackStore> store = UnaryOperator.identity();
    private Function<CaptchaCallbacks, CaptchaCallbackFilter> filter =
            callbacks -> new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks));
    private List<String> filterMappings = List.of("/*");
    private EnumSet<DispatcherType> dispatchers = EnumSet.allOf(DispatcherType.class);
    private boolean filterDeclared;
    private @Nullable String errorPage;
    private boolean https;
    private boolean lenient;
    private @Nullable String welcomeFile;
    private @Nullable Class<? extends EventListener> declaredListener;
    private final Path directory;
    private final Map<String, String> contextParams = new LinkedHashMap<>();
    private boolean asyncSupported = true;
    private @Nullable CaptchaCallbacks callbacks;

    Webapp(TestContainer container) {
        this.container = container;
        try {
            directory = Files.createTempDirectory("webapp");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        set("require-https", "false");
        set("signature.keys.k1", SECRET);
        endpoint((request, response) -> {
            handled.add(CaptchaCallbackFilter.callback(request).orElseThrow());
            assertThat(request.getSession(false)).isNull();
            response.setContentType("text/plain");
            response.getOutputStream().print(HANDLED);
        });
    }

    Webapp set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Webapp contextPath(String path) {
        contextPath = path;
        return this;
    }

    /** Sets the application's endpoint for callbacks. */
    Webapp endpoint(Endpoint endpoint) {
        return servlet(PATH, endpoint);
    }

    /** Sets the application's endpoint for callbacks, and where it is mapped instead of its very path. */
    Webapp endpointAt(String mapping, Endpoint endpoint) {
        endpoints.remove(PATH);
        return servlet(mapping, endpoint);
    }

    Webapp servlet(String mapping, Endpoint endpoint) {
        endpoints.put(mapping, endpoint);
        return this;
    }

    Webapp filter(Function<CaptchaCallbacks, CaptchaCallbackFilter> made) {
        filter = made;
        return this;
    }

    /** Has the filter hand callbacks to a handler instead of the endpoint. */
    Webapp delivery(Function<CaptchaCallbacks, CallbackEndpoint> delivery) {
        return filter(verifying -> new CaptchaCallbackFilter(delivery.apply(verifying)));
    }

    Webapp filterMappings(String... mappings) {
        filterMappings = List.of(mappings);
        return this;
    }

    Webapp dispatchers(DispatcherType first, DispatcherType... others) {
        dispatchers = EnumSet.of(first, others);
        return this;
    }

    /** Has this declare the filter, instead of the fixture. */
    Webapp filterDeclaredBy(Consumer<ServletContext> declaration) {
        filterDeclared = true;
        return declare(declaration);
    }

    Webapp declare(Consumer<ServletContext> declaration) {
        declarations.add(declaration);
        return this;
    }

    /** Puts a file into the webapp, by its path in a WAR. */
    Webapp file(String path, String content) {
        Path file = directory.resolve(path);
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Path directory() {
        return directory;
    }

    Webapp contextParam(String name, String value) {
        contextParams.put(name, value);
        return this;
    }

    /** Has the filter registered as one that supports no asynchronous requests. */
    Webapp withoutAsyncSupport() {
        asyncSupported = false;
        return this;
    }

    Webapp errorPage(String path) {
        errorPage = path;
        return this;
    }

    /** Wraps the store in one that fails. */
    Webapp store(UnaryOperator<CallbackStore> wrapped) {
        store = wrapped;
        return this;
    }

    /** Has the container take every spelling of a path that it can be told to take. */
    Webapp lenient() {
        lenient = true;
        return this;
    }

    Webapp welcomeFile(String name) {
        welcomeFile = name;
        return this;
    }

    /** Declares a listener as {@code web.xml} does it: such a one may ask for the filters. */
    Webapp declaredListener(Class<? extends EventListener> listener) {
        declaredListener = listener;
        return this;
    }

    Webapp https() {
        https = true;
        return this;
    }

    Webapp start() {
        try {
            tryStart();
        } catch (Exception e) {
            throw new AssertionError("The webapp did not start", e);
        }
        return this;
    }

    /** Starts the webapp, and throws what has stopped the start. */
    void tryStart() throws Exception {
        if (!filterDeclared) {
            CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder()
                    .publicUrl(ORIGIN + contextPath + PATH)
                    .settings(settings)
                    .clock(() -> now)
                    .listener(this::record);
            callbacks = builder.store(store.apply(new CaffeineCallbackStore(() -> now, 1_000)))
                    .build();
            CaptchaCallbackFilter made = filter.apply(callbacks);
            declare(context -> map(context.addFilter("captcha-callback", made)));
        }
        container.start(new TestContainer.Deployment(
                contextPath,
                (classes, context) -> declareAll(context),
                errorPage,
                directory,
                declaredListener,
                welcomeFile,
                lenient,
                https));
    }

    private void declareAll(ServletContext context) {
        contextParams.forEach(context::setInitParameter);
        declarations.forEach(declaration -> declaration.accept(context));
        endpoints.forEach((mapping, endpoint) -> {
            ServletRegistration.Dynamic servlet = context.addServlet("servlet " + mapping, endpoint.asServlet());
            servlet.setAsyncSupported(true);
            servlet.addMapping(mapping);
        });
    }

    /** Maps a filter as the test has asked for. */
    void map(FilterRegistration.Dynamic registration) {
        registration.setAsyncSupported(asyncSupported);
        if (!filterMappings.isEmpty()) {
            registration.addMappingForUrlPatterns(dispatchers, true, filterMappings.toArray(String[]::new));
        }
    }

    private void record(CallbackEvent event) {
        events.add(event);
        untaken.add(event);
    }

    CaptchaCallbacks callbacks() {
        if (callbacks == null) {
            throw new IllegalStateException("The filter has made its own");
        }
        return callbacks;
    }

    /** Returns the target of a fresh callback URL, up to its token. */
    String issue() {
        return target(callbacks().issue());
    }

    static String target(IssuedCallback issued) {
        URI url = URI.create(issued.url());
        return url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }

    /** Returns the reference in a target's token. */
    static String reference(String issued) {
        return issued.split("\\.", -1)[2];
    }

    /** Returns what the service calls: the URL it was given, with its own parameters. */
    static String genuine(String issued) {
        return issued + "&id=" + TASK_ID + "&code=" + CODE;
    }

    Answer send(Call call) {
        Answer answer = call.send(container.port(), https);
        assertThat(answer.headers()).as("no session is made").doesNotContainKey("Set-Cookie");
        return answer;
    }

    Answer get(String target) {
        return send(Call.get(target));
    }

    int port() {
        return container.port();
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Returns the callbacks that the endpoint was given. */
    List<Callback> handled() {
        return handled;
    }

    void remember(Callback callback) {
        handled.add(callback);
    }

    List<CallbackEvent> events() {
        return events;
    }

    <E extends CallbackEvent> long count(Class<E> type) {
        return events.stream().filter(type::isInstance).count();
    }

    /** Waits for an event, leaving out those of other types, and fails where none comes. */
    <E extends CallbackEvent> E await(Class<E> type) {
        try {
            while (true) {
                CallbackEvent event = untaken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("No " + type.getSimpleName() + " came, but " + events);
                }
                if (type.isInstance(event)) {
                    return type.cast(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Leaves out the events so far, so that a test is not told of what another one has failed to await. */
    void forgetEvents() {
        untaken.clear();
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Asserts that the genuine callback is let through. */
    void assertAccepts(String issued) {
        assertThat(get(genuine(issued)).status()).isEqualTo(200);
    }

    /** Asserts that the genuine callback is a repeat. */
    void assertClaimed(String issued) {
        assertThat(get(genuine(issued)).status()).isEqualTo(409);
    }

    void stop() {
        try {
            container.stop();
        } catch (Exception e) {
            throw new AssertionError("The container did not stop", e);
        }
    }

    /** Stops the webapp, and does this once the stop waits for background deliveries. */
    void stopWhile(Runnable waiting) throws InterruptedException {
        Thread stopping = new Thread(this::stop);
        stopping.start();
        while (stopping.isAlive() && !isAnyoneClosingADelivery()) {
            Thread.onSpinWait();
        }
        assertThat(stopping.isAlive()).as("the stop waits").isTrue();
        waiting.run();
        stopping.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(stopping.isAlive()).as("the stop comes to its end").isFalse();
    }

    private static boolean isAnyoneClosingADelivery() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(CallbackEndpoint.class.getName())
                        && frame.getMethodName().equals("close"));
    }

    @Override
    public void close() {
        stop();
        if (callbacks != null) {
            callbacks.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
