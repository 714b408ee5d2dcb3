package io.github.captchacallback.samples.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.servlet.GuardedApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs the packaged application of one line of Boot, in one of its servlet containers, as a process of its own. */
final class BootLine implements GuardedApplication, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern STARTED =
            Pattern.compile("(Tomcat|Jetty) started on port (\\d+).*Started LineApplication", Pattern.DOTALL);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Path log;
    private int port = -1;
    private String container = "";

    private BootLine(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the application by the name of its module, with these options, and waits until it is there. */
    static BootLine start(String name, String... options) {
        BootLine line = launch(name, SECRET, options);
        try {
            line.awaitStart();
            return line;
        } catch (Throwable e) {
            line.close();
            throw e;
        }
    }

    /** Starts the application without waiting, with this for the key's text in its environment; null where there is none. */
    static BootLine launch(String name, @Nullable String secret, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A start is most of what it does.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("lines", name, "target", name + ".jar").toString()));
        SETTINGS.forEach((key, value) -> command.add("--captcha.callback." + key + "=" + value));
        command.addAll(List.of(options));
        try {
            Path log = Files.createTempFile(name, ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().remove("CAPTCHA_SECRET");
            if (secret != null) {
                builder.environment().put("CAPTCHA_SECRET", secret);
            }
            return new BootLine(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart() {
        Instant deadline = Instant.now().plus(PATIENCE);
        Matcher started = STARTED.matcher(log());
        while (!started.find()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new AssertionError("The application did not start:\n" + log());
            }
            awaitMore();
            started = STARTED.matcher(log());
        }
        container = started.group(1);
        port = Integer.parseInt(started.group(2));
    }

    /** Looks at the log every now and then, so that the start has the processor to itself. */
    private void awaitMore() {
        try {
            process.waitFor(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for the end of the process, and returns its exit code. */
    int exitCode() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the process ends")
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Returns what the process has printed. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the container that the application says it has started. */
    String container() {
        return container;
    }

    /** Returns the body of what is there. */
    String read(String target) {
        HttpResponse<String> response = fetch(target);
        assertThat(response.statusCode()).as(target).isEqualTo(200);
        return response.body();
    }

    HttpResponse<String> fetch(String target) {
        return send(request(target));
    }

    /** Calls what a service calls, through the proxy. */
    HttpResponse<String> callAsService(String target) {
        return send(request(target).header("X-Forwarded-For", "138.201.1.1").header("X-Forwarded-Proto", "https"));
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(PATIENCE);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String issue() {
        return target(read("/contract/issue"));
    }

    /** Has nothing to do with the process, whose clock is that of the machine: whoever has the key may sign. */
    @Override
    public String issuedBefore(Duration age) {
        try (CaptchaCallbacks signing = CaptchaCallbacks.builder()
                .publicUrl(PUBLIC_URL)
                .signingKey("k1", SECRET)
                .clock(InstantSource.fixed(Instant.now().minus(age)))
                .build()) {
            return target(signing.issue().url());
        }
    }

    private static String target(String url) {
        return url.substring(url.indexOf(URI.create(PUBLIC_URL).getPath()));
    }

    @Override
    public void bind(String reference, String taskId) {
        read("/contract/bind?reference=" + reference + "&task=" + taskId);
    }

    @Override
    public void abandon(String reference) {
        read("/contract/abandon?reference=" + reference);
    }

    @Override
    public List<Arrival> arrivals(String reference) {
        return read("/contract/arrivals?reference=" + reference)
                .lines()
                .map(line -> line.split(" ", -1))
                .map(line -> new Arrival(line[0], URLDecoder.decode(line[1], StandardCharsets.UTF_8)))
                .toList();
    }

    @Override
    public List<String> claims(String reference) {
        return read("/contract/claims?reference=" + reference).lines().toList();
    }

    /** Asks the process to end, and makes it where it does not. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
