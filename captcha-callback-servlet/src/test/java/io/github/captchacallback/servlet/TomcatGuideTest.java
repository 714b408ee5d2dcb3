package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackHandler;
import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.AccessLogValve;
import org.apache.tomcat.util.IntrospectionUtils;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/servlet.md} to its word on Tomcat. The environment variable of its settings is set by the build. */
class TomcatGuideTest {

    /** Held, since a logger that nobody holds forgets its settings. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();

    @TempDir
    private Path folder;

    private Context webapp() throws IOException {
        LOG.setUseParentHandlers(false);
        tomcat.setBaseDir(folder.toString());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        // Of the container's own web.xml nothing is wanted, its JSP servlet least of all.
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp(
                GuideWebapp.CONTEXT_PATH, GuideWebapp.write(folder).toString());
        context.setParentClassLoader(getClass().getClassLoader());
        // Nothing but the webapp is wanted, and a look at all that Maven brings takes seconds.
        StandardJarScanner scanner = new StandardJarScanner();
        scanner.setScanClassPath(false);
        context.setJarScanner(scanner);
        return context;
    }

    private int start(Context context) throws Exception {
        tomcat.start();
        assertThat(context.getState().isAvailable()).isTrue();
        return connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Configures a part of the server as its element in {@code server.xml} does. */
    private static void configure(Object part, Map<String, String> attributes) {
        attributes.forEach((name, value) -> {
            if (!name.equals("className") && !name.equals("port") && !name.equals("protocol")) {
                assertThat(IntrospectionUtils.setProperty(part, name, value))
                        .as(name)
                        .isTrue();
            }
        });
    }

    private void logAccess(Map<String, String> attributes) {
        AccessLogValve valve = new AccessLogValve();
        assertThat(attributes).containsEntry("className", AccessLogValve.class.getName());
        configure(valve, attributes);
        tomcat.getHost().getPipeline().addValve(valve);
    }

    /** Returns the access log, which is there in full once the server has stopped. */
    private String stopAndReadAccessLog() throws Exception {
        tomcat.stop();
        try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }

    @Test
    void theWebappOfTheGuideIsGuarded() throws Exception {
        GuideWebapp.assertGuarded(start(webapp()));
    }

    @Test
    void withoutTheConnectorsAttributesTomcatRefusesLongAndRawAnswersItself() throws Exception {
        int port = start(webapp());

        for (String answer : new String[] {GuideWebapp.LONG_JSON, "x".repeat(8_192), "{", "[", "]", "\"", "|", "^"}) {
            Answer refused = GuideWebapp.call(port, GuideWebapp.order(port) + answer);
            assertThat(refused.status()).as(answer).isEqualTo(400);
            assertThat(refused.body()).doesNotContain("malformed callback");
        }
        assertThat(GuideWebapp.call(port, GuideWebapp.order(port) + "x".repeat(6_000))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void withTheConnectorsAttributesLongAndRawAnswersGetThrough() throws Exception {
        configure(connector, GuideWebapp.attributes("tomcat-connector"));

        GuideWebapp.assertTakesLongAndRawAnswers(start(webapp()));
    }

    @Test
    void withTheValveOfTheGuideTheAccessLogHoldsNoToken() throws Exception {
        Context context = webapp();
        logAccess(GuideWebapp.attributes("tomcat-valve"));

        GuideWebapp.assertGuarded(start(context));

        GuideWebapp.assertHarmless(stopAndReadAccessLog());
    }

    @Test
    void withTheTokenInThePathTheAccessLogHoldsNoneOnceThePathIsLeftOut() throws Exception {
        Context context = webapp();
        context.addParameter("captcha.callback.signature.url-style", "path");
        Map<String, String> valve = GuideWebapp.attributes("tomcat-valve");
        valve.computeIfPresent("pattern", (name, pattern) -> pattern.replace(" %U", ""));
        logAccess(valve);
        int port = start(context);
        String target = URI.create(CaptchaCallbackFilter.callbacks(context.getServletContext())
                        .orElseThrow()
                        .issue()
                        .url())
                .getRawPath();
        assertThat(target).startsWith("/shop/captcha/callback/v1.2026-11.");

        GuideWebapp.call(port, target + "?id=1&code=" + GuideWebapp.ANSWER);

        assertThat(stopAndReadAccessLog()).contains("\"GET HTTP/1.1\" ").doesNotContain("v1.", GuideWebapp.ANSWER);
    }

    @Test
    void theFilterThatIsRegisteredInJavaGuards() throws Exception {
        GuideWebapp.GUIDE.compile(folder, "Guard.java");
        ServletContainerInitializer guard = (ServletContainerInitializer) GuideWebapp.classLoader(folder)
                .loadClass("shop.Guard")
                .getConstructor()
                .newInstance();
        LOG.setUseParentHandlers(false);
        tomcat.setBaseDir(folder.toString());
        connector.setPort(0);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext(GuideWebapp.CONTEXT_PATH, folder.toString());
        context.addServletContainerInitializer(guard, null);
        Tomcat.addServlet(context, "default", new DefaultServlet());
        context.addServletMappingDecoded("/", "default");
        int port = start(context);
        CaptchaCallbacks callbacks =
                CaptchaCallbackFilter.callbacks(context.getServletContext()).orElseThrow();

        // Its public URL is HTTPS, and this connection is not: nothing gets further than that.
        Answer answer = GuideWebapp.call(port, Webapp.genuine(Webapp.target(callbacks.issue())));
        assertThat(answer.body()).isEqualTo("{\"error\":\"https required\"}");
    }

    /** Says on which thread it was called. */
    public static final class Handler implements CallbackHandler {

        private static volatile CompletableFuture<String> thread = new CompletableFuture<>();

        /** Is called by the listener. */
        public Handler() {}

        @Override
        public void handle(Callback callback) {
            thread.complete(Thread.currentThread().getName());
        }
    }

    @Test
    void anExecutorWhoseListenerIsDeclaredBeforeOursRunsTheHandler() throws Exception {
        Handler.thread = new CompletableFuture<>();
        Context context = webapp();
        Path web = folder.resolve("shop/WEB-INF");
        GuideWebapp.GUIDE.compile(web.resolve("classes"), "HandlerThreads.java");
        Files.writeString(
                web.resolve("web.xml"),
                Files.readString(web.resolve("web.xml"))
                        .replaceFirst(
                                "<listener>",
                                "<listener><listener-class>shop.HandlerThreads</listener-class></listener>\n<listener>"));
        context.addParameter("captcha.callback.handler", Handler.class.getName());
        int port = start(context);

        assertThat(GuideWebapp.call(port, GuideWebapp.order(port) + GuideWebapp.ANSWER)
                        .body())
                .isEqualTo("OK");
        assertThat(Handler.thread.get(30, TimeUnit.SECONDS)).startsWith("pool-");
    }
}
