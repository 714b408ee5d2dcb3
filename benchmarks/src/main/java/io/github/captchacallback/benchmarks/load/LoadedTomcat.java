package io.github.captchacallback.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardServer;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs Tomcat in a process of its own, with a webapp for each {@link Variant} but one endpoint. It prints its port, then
 * answers what is asked on its standard input, and ends where that ends: with the run, whatever becomes of it.
 */
final class LoadedTomcat {

    /** Asks for so many fresh callback URLs, each on a line. */
    static final String ISSUE = "issue ";

    /** Asks for the nanoseconds of CPU time that this process has taken. */
    static final String CPU_TIME = "cpu-time";

    private static final String CALLBACK_PATH = "/captcha/callback";

    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    private LoadedTomcat() {}

    /**
     * Runs until the standard input ends.
     *
     * @param args the directory in which Tomcat may write
     */
    public static void main(String[] args) throws LifecycleException, IOException {
        LOG.setLevel(Level.WARNING);
        try (CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .publicUrl("https://localhost" + Variant.ACCEPTING.contextPath() + CALLBACK_PATH)
                .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                .build()) {
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(args[0]);
            // Then this thread's end is the process's end, and nothing needs to be stopped one by one.
            ((StandardServer) tomcat.getServer()).setUtilityThreadsAsDaemon(true);
            tomcat.setConnector(connector());
            add(tomcat, Variant.NONE, null);
            add(tomcat, Variant.READING, new ReadingFilter());
            add(tomcat, Variant.REFUSING, new CaptchaCallbackFilter(CallbackEndpoint.of(callbacks)));
            tomcat.start();
            System.out.println(tomcat.getConnector().getLocalPort());
            answer(callbacks);
        }
    }

    /** As behind a proxy that ends TLS, so that HTTPS is required as by default, and connections stay open. */
    private static Connector connector() {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setScheme("https");
        connector.setSecure(true);
        return connector;
    }

    private static void add(Tomcat tomcat, Variant variant, @Nullable Filter filter) {
        Context context = tomcat.addContext(variant.contextPath(), null);
        Tomcat.addServlet(context, "endpoint", new Endpoint());
        context.addServletMappingDecoded(CALLBACK_PATH, "endpoint");
        if (filter != null) {
            FilterDef definition = new FilterDef();
            definition.setFilterName("filter");
            definition.setFilter(filter);
            context.addFilterDef(definition);
            FilterMap mapping = new FilterMap();
            mapping.setFilterName("filter");
            mapping.addURLPattern("/*");
            context.addFilterMap(mapping);
        }
    }

    private static void answer(CaptchaCallbacks callbacks) throws IOException {
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            if (line.equals(CPU_TIME)) {
                System.out.println(process.getProcessCpuTime());
            } else {
                for (int left = Integer.parseInt(line.substring(ISSUE.length())); left > 0; left--) {
                    System.out.println(callbacks.issue().url());
                }
            }
        }
    }

    /** Only reads, and goes on. */
    private static final class ReadingFilter implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            for (String name : new String[] {"token", "id", "code"}) {
                if (request.getParameter(name) == null) {
                    throw new ServletException("A request came without " + name);
                }
            }
            chain.doFilter(request, response);
        }
    }

    private static final class Endpoint extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getOutputStream().print("OK");
        }
    }
}
