package io.github.captchacallback.samples.webxml;

import static org.awaitility.Awaitility.await;

import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import io.github.captchacallback.samples.tasks.Demo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a Tomcat as it is downloaded, in a process of its own, with the built WAR among its webapps; but for the ports, it is
 * set up as README.md says.
 */
final class StockTomcat extends Demo {

    private static final Path README = Path.of("README.md");
    private static final String CONTEXT_PATH = "/captcha-demo";
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final CaptchaSimulator simulator = CaptchaSimulator.start(0);
    private final Path base;
    private final Process process;

    private StockTomcat(int port, Path base, Map<String, String> environment) throws IOException {
        super(port, CONTEXT_PATH);
        this.base = base;
        Path home = Path.of(System.getProperty("stock.tomcat"));
        setUp(home);
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/catalina.sh").toString(), "run")
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("logs/catalina.out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAPTCHA_") || name.startsWith("CATALINA_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CATALINA_BASE", base.toString());
        builder.environment().put("CATALINA_OPTS", "-Xmx256m");
        builder.environment().putAll(environment);
        process = builder.start();
        // An ended test run leaves no Tomcat behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /**
     * Starts a Tomcat, and waits until it is up, whether or not the webapp is.
     *
     * @param base an empty directory for what is its own
     * @param environment further variables
     */
    static StockTomcat start(Path base, Map<String, String> environment) {
        try {
            StockTomcat tomcat = new StockTomcat(freePort(), base, environment);
            await().atMost(TIMEOUT)
                    .until(() -> tomcat.log().contains("Server startup in") || !tomcat.process.isAlive());
            if (!tomcat.process.isAlive()) {
                tomcat.close();
                throw new AssertionError("Tomcat did not start:\n" + tomcat.log());
            }
            return tomcat;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setUp(Path home) throws IOException {
        for (String directory : List.of("conf/Catalina/localhost", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(base.resolve(directory));
        }
        try (Stream<Path> files = Files.list(home.resolve("conf")).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        Path server = base.resolve("conf/server.xml");
        Files.writeString(
                server,
                replaced(
                        replaced(Files.readString(server), "<Server port=\"8005\"", "<Server port=\"-1\""),
                        "<Connector port=\"8080\"",
                        "<Connector port=\"" + port() + "\" address=\"127.0.0.1\" " + documented("server.xml")));
        String context = replaced(documented("context"), "localhost:8080", "localhost:" + port());
        Files.writeString(
                base.resolve("conf/Catalina/localhost" + CONTEXT_PATH + ".xml"),
                replaced(context, "http://127.0.0.1:8091", simulator.baseUri().toString()));
        Files.copy(Path.of(System.getProperty("packaged.war")), base.resolve("webapps" + CONTEXT_PATH + ".war"));
    }

    /** Returns what the documentation tells to write. */
    private static String documented(String snippet) throws IOException {
        String text = Files.readString(README);
        int fence = text.indexOf("```", text.indexOf("<!-- snippet: " + snippet + " -->"));
        int begin = text.indexOf('\n', fence) + 1;
        return text.substring(begin, text.indexOf("```", begin)).strip();
    }

    private static String replaced(String text, String target, String replacement) {
        if (!text.contains(target)) {
            throw new AssertionError(target + " is not in " + text);
        }
        return text.replace(target, replacement);
    }

    /** Returns all that Tomcat has logged so far, but for the access log, where each request line stands. */
    String log() {
        try (Stream<Path> files = Files.list(base.resolve("logs"))) {
            return files.filter(file -> !file.getFileName().toString().contains("access_log"))
                    .map(StockTomcat::read)
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CaptchaSimulator simulator() {
        return simulator;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            simulator.close();
        }
    }
}
