package io.github.captchacallback.servlet;

import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ListenerHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;

final class Jetty121Ee10Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new JettyContainer(Jetty121Ee10Test::handler);
    }

    @Override
    String serverInfo() {
        return "jetty/12.1.";
    }

    @Override
    String servletVersion() {
        return "6.0";
    }

    private static Handler handler(TestContainer.Deployment deployment) throws IOException {
        ServletContextHandler context =
                new ServletContextHandler(deployment.contextPath().isEmpty() ? "/" : deployment.contextPath());
        context.setBaseResourceAsPath(deployment.directory());
        context.setClassLoader(deployment.classLoader());
        context.addServletContainerInitializer(deployment.initializer());
        if (deployment.declaredListener() != null) {
            context.getServletHandler().addListener(new ListenerHolder(deployment.declaredListener()));
        }
        if (deployment.welcomeFile() != null) {
            context.setWelcomeFiles(new String[] {deployment.welcomeFile()});
            context.addServlet(DefaultServlet.class, "/").setInitParameter("welcomeServlets", "exact");
        }
        context.getServletHandler().setDecodeAmbiguousURIs(deployment.lenient());
        if (deployment.errorPage() != null) {
            ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
            pages.addErrorPage(500, deployment.errorPage());
            context.setErrorHandler(pages);
        }
        return context;
    }
}
