package io.github.captchacallback.servlet;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Runs webapps in Jetty, whose handlers for webapps differ only by their package from one Servlet API to the next. */
final class JettyContainer implements TestContainer {

    private final Server server = new Server();
    private final Handler.Wrapper current = new Handler.Wrapper(true);
    private final Webapps webapps;
    private final Map<Listening, ServerConnector> connectors = new HashMap<>();
    private int port = -1;

    JettyContainer(Webapps webapps) {
        this.webapps = webapps;
        server.setHandler(current);
    }

    /** Makes the handler that serves a webapp. */
    @FunctionalInterface
    interface Webapps {
        Handler handler(Deployment deployment) throws IOException;
    }

    @Override
    public void start(Deployment deployment) throws Exception {
        server.start();
        port = connector(deployment.listening()).getLocalPort();
        Handler handler = webapps.handler(deployment);
        current.setHandler(handler);
        handler.start();
    }

    /** Returns the connector that listens in this way, which is started when it is first asked for. */
    private ServerConnector connector(Listening listening) throws Exception {
        ServerConnector connector = connectors.get(listening);
        if (connector == null) {
            connector = newConnector(listening);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            connector.start();
            connectors.put(listening, connector);
        }
        return connector;
    }

    private ServerConnector newConnector(Listening listening) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        if (listening.lenient()) {
            configuration.setUriCompliance(UriCompliance.LEGACY.with(
                    "lenient", UriCompliance.UNSAFE.getAllowed().toArray(UriCompliance.Violation[]::new)));
        }
        if (!listening.https()) {
            return new ServerConnector(server, http);
        }
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(TestKeystore.sslContext());
        return new ServerConnector(server, new SslConnectionFactory(tls, http.getProtocol()), http);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void stop() throws Exception {
        Handler handler = current.getHandler();
        if (handler != null) {
            handler.stop();
            current.setHandler((Handler) null);
        }
    }

    @Override
    public void close() throws Exception {
        stop();
        server.stop();
    }
}
