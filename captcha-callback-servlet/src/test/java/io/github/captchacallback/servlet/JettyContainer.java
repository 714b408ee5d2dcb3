package io.github.captchacallback.servlet;

import java.util.Objects;
import java.util.function.Function;
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
    private final Function<Deployment, Handler> webapp;
    private @Nullable ServerConnector connector;

    /**
     * Describes the container.
     *
     * @param webapp makes the handler that serves a webapp
     */
    JettyContainer(Function<Deployment, Handler> webapp) {
        this.webapp = webapp;
    }

    @Override
    public void start(Deployment deployment) throws Exception {
        connector = connector(deployment.https());
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(webapp.apply(deployment));
        server.start();
    }

    private ServerConnector connector(boolean https) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        if (!https) {
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
