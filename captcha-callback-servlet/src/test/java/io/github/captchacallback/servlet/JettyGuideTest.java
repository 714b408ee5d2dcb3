package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/servlet.md} to its word on Jetty. The environment variable of its settings is set by the build. */
@Tag("servlet-6.1")
final class JettyGuideTest {

    private final Server server = new Server();
    private final HttpConfiguration configuration = new HttpConfiguration();

    @TempDir
    private Path folder;

    private int start() throws Exception {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        WebAppContext webapp = new WebAppContext();
        webapp.setContextPath(GuideWebapp.CONTEXT_PATH);
        webapp.setBaseResourceAsPath(GuideWebapp.write(folder));
        webapp.setThrowUnavailableOnStartupException(true);
        server.setHandler(webapp);
        server.start();
        return connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private static String ini(String name) throws IOException {
        Properties properties = GuideWebapp.properties("jetty.ini");
        assertThat(properties.stringPropertyNames()).contains(name);
        return properties.getProperty(name);
    }

    @Test
    void theWebappOfTheGuideIsGuarded() throws Exception {
        GuideWebapp.assertGuarded(start());
    }

    @Test
    void withoutTheIniJettyRefusesLongAnswersItselfAndTakesRawOnes() throws Exception {
        int port = start();

        assertThat(GuideWebapp.call(port, GuideWebapp.order(port) + GuideWebapp.LONG_JSON)
                        .status())
                .isIn(414, 431);
        assertThat(GuideWebapp.call(port, GuideWebapp.order(port) + "x".repeat(8_192))
                        .status())
                .isIn(414, 431);
        assertThat(GuideWebapp.call(port, GuideWebapp.order(port) + "x".repeat(6_000))
                        .status())
                .isEqualTo(200);
        assertThat(GuideWebapp.call(port, GuideWebapp.order(port) + GuideWebapp.RAW)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void withTheIniLongAnswersGetThrough() throws Exception {
        configuration.setRequestHeaderSize(Integer.parseInt(ini("jetty.httpConfig.requestHeaderSize")));

        GuideWebapp.assertTakesLongAndRawAnswers(start());
    }

    @Test
    void withTheIniTheRequestLogHoldsNoToken() throws Exception {
        CopyOnWriteArrayList<String> log = new CopyOnWriteArrayList<>();
        server.setRequestLog(new CustomRequestLog(log::add, ini("jetty.requestlog.formatString")));

        GuideWebapp.assertGuarded(start());
        server.stop();

        GuideWebapp.assertHarmless(String.join("\n", log));
    }
}
