package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.predicate.Predicate;
import io.undertow.predicate.Predicates;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.accesslog.AccessLogHandler;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/servlet.md} to its word on Undertow. The environment variable of its settings is set by the build. */
class UndertowGuideTest {

    private static final String PATTERN = "%h %l %u %t \\\"%m %U %H\\\" %s %b";

    /** Held, since a logger that nobody holds forgets its settings. */
    private static final Logger LOG = Logger.getLogger("io.undertow");

    private @Nullable Undertow server;

    @TempDir
    private Path folder;

    /** Starts the server of the guide. */
    private int start() throws Exception {
        LOG.setUseParentHandlers(false);
        Files.writeString(
                folder.resolve("captcha-callback.properties"), GuideWebapp.GUIDE.get("captcha-callback.properties"));
        GuideWebapp.GUIDE.compile(folder, "Shop.java", "OrderServlet.java", "AnswerServlet.java");
        Method making = GuideWebapp.classLoader(folder).loadClass("shop.Shop").getDeclaredMethod("server", int.class);
        making.setAccessible(true);
        return start((Undertow) making.invoke(null, 0));
    }

    private int start(Undertow made) {
        server = made;
        made.start();
        return ((InetSocketAddress) made.getListenerInfo().get(0).getAddress()).getPort();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
        }
    }

    @Test
    void theServerOfTheGuideIsGuarded() throws Exception {
        GuideWebapp.assertGuarded(start());
    }

    @Test
    void theServerOfTheGuideTakesLongAndRawAnswers() throws Exception {
        GuideWebapp.assertTakesLongAndRawAnswers(start());
    }

    @Test
    void withoutTheOptionUndertowRefusesRawAnswersItselfAndTakesLongOnes() {
        int port = start(Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(exchange -> exchange.getResponseSender().send("reached"))
                .build());

        for (char raw : "{}|\"^<>\\`".toCharArray()) {
            assertThat(GuideWebapp.call(port, "/?code=" + raw).status()).isEqualTo(400);
        }
        assertThat(GuideWebapp.call(port, "/?code=[]").status()).isEqualTo(200);
        assertThat(GuideWebapp.call(port, "/?code=" + "%7B".repeat(16_384)).status())
                .isEqualTo(200);
    }

    @Test
    void theAccessLogOfTheGuideHoldsNoToken() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            int port = start();
            GuideWebapp.assertGuarded(port);
            stop();
        } finally {
            System.setOut(out);
        }

        GuideWebapp.assertHarmless(log.toString(StandardCharsets.UTF_8));
    }

    @Test
    void wildflyHasThePatternThatWasTriedOnUndertow() {
        assertThat(GuideWebapp.GUIDE.get("Shop.java")).contains("\"" + PATTERN + "\"");
        assertThat(GuideWebapp.GUIDE.get("wildfly.cli")).contains("access-log:add(pattern=\"" + PATTERN + "\")");
    }

    @Test
    void thePredicateLeavesCallbacksOutOfTheAccessLog() throws InterruptedException {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        ClassLoader classes = getClass().getClassLoader();
        Predicate predicate = Predicates.parse(GuideWebapp.GUIDE.get("undertow-predicate"), classes);
        HttpHandler application = exchange -> exchange.getResponseSender().send("reached");
        int port = start(Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(new AccessLogHandler(
                        // A webapp's handler leaves but the rest of the path for those who ask at the end.
                        new PathHandler().addPrefixPath("/shop", application), log::add, "%U", classes, predicate))
                .build());

        GuideWebapp.call(port, "/shop/captcha/callback/v1.a-token?id=1");
        GuideWebapp.call(port, "/shop/captcha/callback?token=v1.a-token");
        GuideWebapp.call(port, "/shop/orders");

        assertThat(log.poll(30, TimeUnit.SECONDS)).isEqualTo("/shop/orders");
        assertThat(log).isEmpty();
    }
}
