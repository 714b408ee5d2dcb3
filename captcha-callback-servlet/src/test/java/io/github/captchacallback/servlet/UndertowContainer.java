package io.github.captchacallback.servlet;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.ResponseCodeHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs webapps in Undertow. */
final class UndertowContainer implements TestContainer {

    /** Held, since a logger that nobody holds forgets its settings. */
    private static final List<Logger> LOGS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"));

    private @Nullable DeploymentManager manager;
    private final Map<Listening, Undertow> servers = new HashMap<>();
    private volatile HttpHandler current = ResponseCodeHandler.HANDLE_404;
    private int port = -1;

    @Override
    public void start(Deployment deployment) throws Exception {
        LOGS.forEach(log -> log.setUseParentHandlers(false));
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(deployment.classLoader())
                .setResourceManager(PathResourceManager.builder()
                        .setBase(deployment.directory())
                        .build())
                .setDeploymentName("webapp")
                .setEagerFilterInit(true)
                .setContextPath(deployment.contextPath().isEmpty() ? "/" : deployment.contextPath())
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        deployment.initializer().getClass(),
                        new ImmediateInstanceFactory<>(deployment.initializer()),
                        Set.of()));
        if (deployment.declaredListener() != null) {
            info.addListener(new ListenerInfo(deployment.declaredListener()));
        }
        if (deployment.welcomeFile() != null) {
            info.addWelcomePage(deployment.welcomeFile());
        }
        if (deployment.errorPage() != null) {
            info.addErrorPage(Servlets.errorPage(deployment.errorPage(), 500));
        }
        manager = Servlets.newContainer().addDeployment(info);
        manager.deploy();
        current = Handlers.path().addPrefixPath(info.getContextPath(), manager.start());
        Undertow server = servers.computeIfAbsent(deployment.listening(), this::server);
        port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /** Starts a server that listens in this way. */
    private Undertow server(Listening listening) {
        Undertow.Builder builder = Undertow.builder()
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, listening.lenient())
                .setServerOption(UndertowOptions.DECODE_SLASH, listening.lenient())
                .setHandler(exchange -> current.handleRequest(exchange));
        if (listening.https()) {
            builder.addHttpsListener(0, "127.0.0.1", TestKeystore.sslContext());
        } else {
            builder.addHttpListener(0, "127.0.0.1");
        }
        Undertow server = builder.build();
        server.start();
        return server;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void stop() throws Exception {
        current = ResponseCodeHandler.HANDLE_404;
        if (manager != null) {
            manager.stop();
            manager.undeploy();
            manager = null;
        }
    }

    @Override
    public void close() throws Exception {
        stop();
        servers.values().forEach(Undertow::stop);
    }
}
