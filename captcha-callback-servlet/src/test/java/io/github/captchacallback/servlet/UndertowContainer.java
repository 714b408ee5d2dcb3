package io.github.captchacallback.servlet;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs a webapp in Undertow. */
final class UndertowContainer implements TestContainer {

    /** Held, since a logger that nobody holds forgets its settings. */
    private static final List<Logger> LOGS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"));

    private @Nullable DeploymentManager manager;
    private @Nullable Undertow server;

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
        PathHandler paths = Handlers.path().addPrefixPath(info.getContextPath(), manager.start());
        Undertow.Builder builder = Undertow.builder()
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, deployment.lenient())
                .setServerOption(UndertowOptions.DECODE_SLASH, deployment.lenient())
                .setHandler(paths);
        if (deployment.https()) {
            builder.addHttpsListener(0, "127.0.0.1", TestKeystore.sslContext());
        } else {
            builder.addHttpListener(0, "127.0.0.1");
        }
        server = builder.build();
        server.start();
    }

    @Override
    public int port() {
        Undertow.ListenerInfo listener =
                Objects.requireNonNull(server).getListenerInfo().get(0);
        return ((InetSocketAddress) listener.getAddress()).getPort();
    }

    @Override
    public void stop() throws Exception {
        if (server != null) {
            server.stop();
            server = null;
        }
        if (manager != null) {
            manager.stop();
            manager.undeploy();
            manager = null;
        }
    }
}
