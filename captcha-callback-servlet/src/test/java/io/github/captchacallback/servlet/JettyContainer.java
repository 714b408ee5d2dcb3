package io.github.captchacallback.servlet;

import java.io.IOException;
import java.util.Objects;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Runs a webapp in Jetty, whose handlers for webapps differ by their package alone from one Servlet API to the next. */
final class JettyContainer implements TestContainer {

    private final Server server = new Server();
    private final Webapps webapps;
    private @Nullable ServerConnector connector;

    JettyContainer(Webapps webapps) {
        this.webapps = webapps;
    }

    /** Makes the handler that serves a webapp. */
    @FunctionalInterface
    interface Webapps {
        Handler handler(Deployment deployment) throws IOException;
    }

    @Override
    public void start(Deployment deployment) throws Exception {
        connector = connector(deployment);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(webapps.handler(deployment));
        server.start();
    }

    private ServerConnector connector(Deployment deployment) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        if (deployment.lenient()) {
            configuration.setUriCompliance(UriCompliance.LEGACY.with(
                    "lenient", UriCompliance.UNSAFE.getAllowed().toArray(UriCompliance.Violation[]::new)));
        }
        if (!deployment.https()) {
            return new ServerConnector(server, http);
        }
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(TestKeystore.sslContext());
        return new ServerConnector(server, new SslConnectionFactory(tls, http.getProtocol()), http);
    }

    @Override
    public int port() {
        return Objects.requireNonNull(connector).getLocalPort();
    }

    @Override
    public void stop() throws Exception {
        server.stop();
    }
}
