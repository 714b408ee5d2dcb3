package io.github.captchacallback.servlet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.ContainerBase;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/** Runs webapps in Tomcat. */
final class TomcatContainer implements TestContainer {

    /** Held, since a logger that nobody holds forgets its handlers. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    private @Nullable Tomcat tomcat;
    private @Nullable Path directory;
    private final Map<Listening, Connector> connectors = new HashMap<>();
    private @Nullable Context context;
    private int port = -1;

    @Override
    public void start(Deployment deployment) throws Exception {
        LOG.setUseParentHandlers(false);
        FirstFailure failure = new FirstFailure();
        LOG.addHandler(failure);
        try {
            Tomcat running = running();
            port = connector(running, deployment.listening()).getLocalPort();
            context = running.addContext(
                    deployment.contextPath(), deployment.directory().toString());
            // It waits that long for a servlet that it takes to be busy, as one that threw after it went asynchronous.
            ((StandardContext) context).setUnloadDelay(200);
            context.addServletContainerInitializer(deployment.initializer(), null);
            if (deployment.declaredListener() != null) {
                context.addApplicationListener(deployment.declaredListener().getName());
            }
            if (deployment.welcomeFile() != null) {
                context.addWelcomeFile(deployment.welcomeFile());
            }
            if (deployment.errorPage() != null) {
                ErrorPage page = new ErrorPage();
                page.setErrorCode(500);
                page.setLocation(deployment.errorPage());
                context.addErrorPage(page);
            }
            context.start();
            if (!context.getState().isAvailable()) {
                throw new IllegalStateException("The webapp did not start", failure.thrown);
            }
        } finally {
            LOG.removeHandler(failure);
        }
    }

    private Tomcat running() throws Exception {
        if (tomcat == null) {
            directory = Files.createTempDirectory("tomcat");
            Tomcat starting = new Tomcat();
            starting.setBaseDir(directory.toString());
            // A webapp is started once it is described, not as soon as it is there.
            ((ContainerBase) starting.getHost()).setStartChildren(false);
            starting.start();
            tomcat = starting;
        }
        return tomcat;
    }

    /** Returns the connector that listens in this way, which is started when it is first asked for. */
    private Connector connector(Tomcat running, Listening listening) {
        return connectors.computeIfAbsent(listening, way -> {
            Connector connector = connector(way);
            running.getService().addConnector(connector);
            return connector;
        });
    }

    private static Connector connector(Listening listening) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        // Tomcat starts ten threads ahead, and a test has one request.
        connector.setProperty("minSpareThreads", "1");
        // If threads meet on a broken connection, Tomcat answers the next request that reuses its objects with a 500.
        connector.setProperty("processorCache", "0");
        connector.setProperty("maxHttpRequestHeaderSize", String.valueOf(MAX_HEADER_BYTES));
        if (listening.lenient()) {
            connector.setEncodedSolidusHandling("decode");
            connector.setEncodedReverseSolidusHandling("decode");
            connector.setAllowBackslash(true);
            connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
        }
        if (listening.https()) {
            SSLHostConfig host = new SSLHostConfig();
            SSLHostConfigCertificate certificate =
                    new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
            certificate.setCertificateKeystoreFile(TestKeystore.file().toString());
            certificate.setCertificateKeystorePassword(TestKeystore.PASSWORD);
            certificate.setCertificateKeystoreType(TestKeystore.TYPE);
            host.addCertificate(certificate);
            connector.addSslHostConfig(host);
            connector.setProperty("SSLEnabled", "true");
            connector.setScheme("https");
            connector.setSecure(true);
        }
        return connector;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void stop() {
        if (tomcat != null && context != null) {
            tomcat.getHost().removeChild(context);
            context = null;
        }
    }

    @Override
    public void close() throws Exception {
        stop();
        if (tomcat != null) {
            tomcat.stop();
            tomcat.destroy();
            tomcat = null;
        }
        if (directory != null) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            directory = null;
        }
    }

    /** Tomcat tells why a webapp did not start in its log alone. */
    private static final class FirstFailure extends Handler {

        private volatile @Nullable Throwable thrown;

        @Override
        public void publish(LogRecord logged) {
            if (thrown == null) {
                thrown = logged.getThrown();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
