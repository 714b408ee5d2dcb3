package io.github.captchacallback.servlet;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Serves requests, whatever their method: a servlet in one lambda. */
@FunctionalInterface
interface Endpoint {

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;

    default Servlet asServlet() {
        AtomicReference<@Nullable ServletConfig> held = new AtomicReference<>();
        return new Servlet() {
            @Override
            public void init(ServletConfig config) {
                held.set(config);
            }

            @Override
            public @Nullable ServletConfig getServletConfig() {
                return held.get();
            }

            @Override
            public void service(ServletRequest request, ServletResponse response) throws IOException, ServletException {
                serve((HttpServletRequest) request, (HttpServletResponse) response);
            }

            @Override
            public String getServletInfo() {
                return "";
            }

            @Override
            public void destroy() {}
        };
    }
}
