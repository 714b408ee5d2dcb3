package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackHandler;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
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
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;

/** Gives tests a webapp that names our classes in its descriptor, and has built nothing itself. */
interface DeclaredWebappTests extends WebappTests {

    String ORIGIN = "https://callbacks.example";

    Map<String, String> PARAMETERS =
            Map.of("public-url", ORIGIN + Webapp.PATH, "signature.keys.k1", SECRET, "require-https", "false");

    /** Takes callbacks for a webapp that knows it by its name alone. */
    final class NamedHandler implements CallbackHandler {

        private static final BlockingQueue<Callback> CALLBACKS = new LinkedBlockingQueue<>();
        private static volatile CountDownLatch mayProceed = new CountDownLatch(0);
        private static volatile CountDownLatch called = new CountDownLatch(0);

        /** Is called by the filter. */
        public NamedHandler() {}

        /** Has the next callbacks wait for a latch; the one that is returned says that the first is there. */
        static CountDownLatch holdUntil(CountDownLatch latch) {
            mayProceed = latch;
            called = new CountDownLatch(1);
            return called;
        }

        @Override
        public void handle(Callback callback) {
            called.countDown();
            Webapp.await(mayProceed);
            CALLBACKS.add(callback);
        }

        /** Returns the next callback, and fails where none comes. */
        static Callback next() {
            try {
                return Objects.requireNonNull(CALLBACKS.poll(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** Says whether a callback was handled that nobody has asked for yet. */
        static boolean hasNext() {
            return !CALLBACKS.isEmpty();
        }
    }

    /** Is no handler, since nobody but this class can make it. */
    final class PrivateHandler implements CallbackHandler {

        private PrivateHandler() {}

        @Override
        public void handle(Callback callback) {}
    }

    /** Is no handler, since its class cannot be initialized. */
    final class BrokenHandler implements CallbackHandler {

        private static final String VALUE = Objects.requireNonNull(System.getProperty("no.such.property"));

        /** Is never called. */
        public BrokenHandler() {}

        @Override
        public void handle(Callback callback) {
            throw new IllegalStateException(VALUE);
        }
    }

    static Map<String, String> with(String name, String value) {
        Map<String, String> parameters = new HashMap<>(PARAMETERS);
        parameters.put(name, value);
        return parameters;
    }

    /** Writes settings as they stand in a file. */
    static String properties(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        settings.forEach((key, value) -> lines.append("captcha.callback.")
                .append(key)
                .append('=')
                .append(value)
                .append('\n'));
        return lines.toString();
    }

    /** Returns the declaration of a filter by its class, as in {@code web.xml}. */
    default Consumer<ServletContext> filter(Map<String, String> parameters) {
        return context -> {
            FilterRegistration.Dynamic filter =
                    context.addFilter("captcha-callback", CaptchaCallbackFilter.class.getName());
            filter.setInitParameters(parameters);
            webapp().map(filter);
        };
    }

    /** Starts a webapp whose filter has these init-params, and returns what it has published. */
    default CaptchaCallbacks startWith(Map<String, String> parameters) {
        return startAs(filter(parameters));
    }

    default CaptchaCallbacks startAs(Consumer<ServletContext> declaration) {
        CompletableFuture<ServletContext> held = new CompletableFuture<>();
        webapp().filterDeclaredBy(declaration).declare(held::complete).start();
        return CaptchaCallbackFilter.callbacks(held.join()).orElseThrow();
    }

    /** Asserts that the webapp does not start, and returns assertions of what had stopped it first. */
    default AbstractThrowableAssert<?, Throwable> assertStops(Consumer<ServletContext> declaration) {
        Throwable stopped =
                catchThrowable(() -> webapp().filterDeclaredBy(declaration).tryStart());
        assertThat(stopped).as("the webapp does not start").isNotNull();
        return assertThat(Stream.iterate(stopped, Objects::nonNull, Throwable::getCause)
                        .filter(each -> each.getCause() == null || each instanceof IllegalArgumentException)
                        .findFirst())
                .get(InstanceOfAssertFactories.THROWABLE);
    }
}
