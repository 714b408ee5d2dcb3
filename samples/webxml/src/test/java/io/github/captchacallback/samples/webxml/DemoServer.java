package io.github.captchacallback.samples.webxml;

import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ApplicationParameter;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * Serves the built WAR to this machine, and plays the CAPTCHA service for it: what {@code mvn -q -Pdemo-webxml} starts.
 */
final class DemoServer implements AutoCloseable {

    private static final int KEY_BYTES = 32;

    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    private final Tomcat tomcat;
    private final CaptchaSimulator simulator;

    private DemoServer(Tomcat tomcat, CaptchaSimulator simulator) {
        this.tomcat = tomcat;
        this.simulator = simulator;
    }

    /**
     * Runs the demo until the process is ended; {@code -Ddemo.port=…} and {@code -Ddemo.simulator.port=…} move it elsewhere.
     *
     * @param arguments the directory of the unpacked WAR
     */
    public static void main(String[] arguments) {
        int port = Integer.getInteger("demo.port", 8081);
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        DemoServer demo = start(
                Path.of(arguments[0]),
                port,
                Integer.getInteger("demo.simulator.port", 8091),
                Map.of("signature.keys.demo", "base64:" + Base64.getEncoder().encodeToString(key)));
        System.out.println("Open http://localhost:" + port + "/ and press Ctrl-C here to end the demo");
        demo.tomcat.getServer().await();
    }

    /**
     * Starts both.
     *
     * @param settings stand for context-params, each without {@code captcha.callback.}
     */
    static DemoServer start(Path war, int port, int simulatorPort, Map<String, String> settings) {
        TOMCAT_LOG.setLevel(Level.WARNING);
        DemoServer demo = new DemoServer(new Tomcat(), CaptchaSimulator.start(simulatorPort));
        try {
            demo.serve(war.toAbsolutePath(), port, settings);
            return demo;
        } catch (RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    private void serve(Path war, int port, Map<String, String> settings) {
        tomcat.setBaseDir(war.resolveSibling("demo").toString());
        tomcat.setConnector(loopback(port));
        // Tomcat's own defaults bring a servlet for JSP, which is not there.
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("", war.toString());
        // Inside Maven, Tomcat's own classes are not those of the system's class loader.
        context.setParentClassLoader(Tomcat.class.getClassLoader());
        Tomcat.addServlet(context, "default", new DefaultServlet());
        context.addServletMappingDecoded("/", "default");
        Tomcat.addDefaultMimeTypeMappings(context);
        // Nothing but the WAR belongs to the webapp, and a look at all that Maven brings takes seconds.
        StandardJarScanner scanner = new StandardJarScanner();
        scanner.setScanClassPath(false);
        context.setJarScanner(scanner);
        put(context, "captcha-service", simulator.baseUri().toString());
        put(context, "captcha.callback.public-url", "http://localhost:" + port + "/captcha/callback");
        settings.forEach((name, value) -> put(context, "captcha.callback." + name, value));
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Tomcat did not start", e);
        }
        if (tomcat.getConnector().getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("Cannot listen on 127.0.0.1:" + port);
        }
        if (!context.getState().isAvailable()) {
            throw new IllegalStateException("The webapp did not start; the lines above say why");
        }
    }

    private static Connector loopback(int port) {
        Connector connector = new Connector();
        connector.setPort(port);
        connector.setProperty("address", "127.0.0.1");
        // A GET callback carries its answer in the request line, and Tomcat refuses one past 8 KiB unless told.
        connector.setProperty("maxHttpRequestHeaderSize", "32768");
        return connector;
    }

    /** Adds a context-param in the manner of a deployer, who has the last word over the WAR. */
    private static void put(Context context, String name, String value) {
        ApplicationParameter parameter = new ApplicationParameter();
        parameter.setName(name);
        parameter.setValue(value);
        parameter.setOverride(false);
        context.addApplicationParameter(parameter);
    }

    CaptchaSimulator simulator() {
        return simulator;
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Tomcat did not stop", e);
        } finally {
            simulator.close();
        }
    }
}
