package io.github.captchacallback.store.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.captchacallback.FreePort;
import io.github.captchacallback.store.FaultProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * Runs a Redis of this machine, or the Redis 6.2 of a test library, on a free port of the loopback interface. It ends with this
 * JVM, and writes only to a temporary directory.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(10);

    private static @Nullable RedisServer shared;
    private static @Nullable RedisServer sharedEmbedded;

    private final List<String> command;
    private final Path directory;
    private final int port;
    private final Thread atExit = new Thread(this::kill);
    private Process process;

    private RedisServer(List<String> command, Path directory, int port) throws IOException {
        this.command = command;
        this.directory = directory;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(atExit);
        launch();
    }

    /** Finds the server that is installed on this machine. */
    public static Optional<String> installed(String name) {
        return Stream.of("/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/")
                .map(path -> path + name)
                .filter(path -> new File(path).canExecute())
                .findFirst();
    }

    /** Skips the test if no server is installed on this machine. */
    public static String requireInstalled(String name) {
        Optional<String> found = installed(name);
        assumeTrue(
                found.isPresent(),
                name + " is not installed (Debian: redis-server, redis-sentinel), so this is skipped");
        return found.orElseThrow();
    }

    /** Starts the server that is installed, or skips the test. */
    public static RedisServer start(String... options) throws IOException {
        return start(requireInstalled("redis-server"), FreePort.find(), options);
    }

    /** Returns a server that tests share: each uses keys of its own. It is started once, or the test is skipped. */
    static synchronized RedisServer shared() {
        try {
            if (shared == null) {
                shared = start();
            }
            return shared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #shared()}, the Redis 6.2 that comes with a library. */
    static synchronized RedisServer sharedEmbedded() {
        try {
            if (sharedEmbedded == null) {
                sharedEmbedded = startEmbedded();
            }
            return sharedEmbedded;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the Redis 6.2 that comes with a library. */
    static RedisServer startEmbedded(String... options) throws IOException {
        Path extracted = Files.createTempDirectory("embedded-redis");
        File executable =
                ExecutableProvider.newJarResourceProvider(extracted.toFile()).get();
        executable.deleteOnExit();
        extracted.toFile().deleteOnExit();
        return start(executable.getPath(), FreePort.find(), options);
    }

    static RedisServer start(String executable, int port, String... options) throws IOException {
        Path directory = Files.createTempDirectory("redis");
        List<String> command = new ArrayList<>(List.of(executable));
        command.addAll(
                List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        command.addAll(List.of(options));
        return new RedisServer(command, directory, port);
    }

    /** Starts a program that reads its configuration from a file, as a Sentinel does. */
    static RedisServer startWithFile(String executable, int port, String configuration) throws IOException {
        Path directory = Files.createTempDirectory("redis");
        Path file = Files.writeString(directory.resolve("redis.conf"), configuration);
        return new RedisServer(
                List.of(executable, file.toString(), "--port", "" + port, "--bind", "127.0.0.1"), directory, port);
    }

    /** Starts the server, or starts it again on the same port. */
    public void launch() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        long deadline = System.nanoTime() + START.toNanos();
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Redis did not start: " + Files.readString(directory.resolve("log")));
            }
            Thread.onSpinWait();
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the server as a crash does. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int port() {
        return port;
    }

    Process process() {
        return process;
    }

    FaultProxy proxy() throws IOException {
        return new FaultProxy(port);
    }

    public RedisURI uri() {
        return uri(port);
    }

    static RedisURI uri(int port) {
        return RedisURI.create("127.0.0.1", port);
    }

    /** Asks the server something over a connection of its own. */
    public <T> T ask(Function<RedisCommands<String, String>, T> question) {
        return ask(uri(), question);
    }

    /** Asks a server that wants a password. */
    public <T> T ask(String password, Function<RedisCommands<String, String>, T> question) {
        return ask(RedisURI.create("redis://:" + password + "@127.0.0.1:" + port), question);
    }

    private static <T> T ask(RedisURI uri, Function<RedisCommands<String, String>, T> question) {
        try (RedisClient client = RedisClient.create(uri);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        }
    }

    /** Waits until the server says so. */
    void awaitUntil(Predicate<RedisCommands<String, String>> condition) {
        boolean met = ask(redis -> {
            long deadline = System.nanoTime() + START.toNanos();
            while (!condition.test(redis)) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
            }
            return true;
        });
        if (!met) {
            throw new IllegalStateException("Redis did not become ready");
        }
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
