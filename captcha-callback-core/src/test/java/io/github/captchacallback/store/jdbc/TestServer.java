package io.github.captchacallback.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.captchacallback.FreePort;
import io.github.captchacallback.store.FaultProxy;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a real database server in a temporary directory, on a free port of the loopback interface. Each is started once per JVM,
 * and ended with it. PostgreSQL is Debian's if that is installed; MariaDB has to be.
 */
public final class TestServer {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Path POSTGRES = Path.of("/usr/lib/postgresql");
    /** A system property: whether PostgreSQL is the one on the class path although there is another. */
    private static final String EMBEDDED = "postgresql.embedded";

    private static final Path MARIADB = Path.of("/usr/sbin/mariadbd");
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final JdbcPlatform platform;
    private final Path directory;
    private final int port;
    private final List<String> command;
    private @Nullable Process process;

    private TestServer(JdbcPlatform platform, Path directory, int port, List<String> command) {
        this.platform = platform;
        this.directory = directory;
        this.port = port;
        this.command = command;
    }

    private static final class Holder {
        static final TestServer POSTGRESQL = newPostgresql();
    }

    private static final class MariadbHolder {
        static final TestServer MARIADB = newMariadb();
    }

    public static boolean isMariadbInstalled() {
        return Files.isExecutable(MARIADB);
    }

    public static TestServer of(JdbcPlatform platform) {
        return platform == JdbcPlatform.POSTGRESQL ? Holder.POSTGRESQL : MariadbHolder.MARIADB;
    }

    private static TestServer newPostgresql() {
        Path bin = postgresBinaries();
        Path directory = newDirectory();
        int port = FreePort.find();
        run(as(
                "postgres",
                List.of(
                        bin.resolve("initdb").toString(),
                        "-D",
                        directory.resolve("data").toString(),
                        "-A",
                        "trust",
                        "-U",
                        "postgres",
                        "-E",
                        "UTF8",
                        "--locale=C.UTF-8",
                        "--no-sync")));
        TestServer server = new TestServer(
                JdbcPlatform.POSTGRESQL,
                directory,
                port,
                as(
                        "postgres",
                        List.of(
                                bin.resolve("postgres").toString(),
                                "-D",
                                directory.resolve("data").toString(),
                                "-p",
                                Integer.toString(port),
                                "-h",
                                "127.0.0.1",
                                "-k",
                                directory.toString(),
                                "-F",
                                "-c",
                                "max_connections=300")));
        return server.begin();
    }

    private static TestServer newMariadb() {
        Path directory = newDirectory();
        int port = FreePort.find();
        run(as(
                "mysql",
                List.of(
                        "/usr/bin/mariadb-install-db",
                        "--no-defaults",
                        "--datadir=" + directory.resolve("data"),
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db")));
        TestServer server = new TestServer(
                JdbcPlatform.MARIADB,
                directory,
                port,
                as(
                        "mysql",
                        List.of(
                                MARIADB.toString(),
                                "--no-defaults",
                                "--datadir=" + directory.resolve("data"),
                                "--socket=" + directory.resolve("socket"),
                                "--pid-file=" + directory.resolve("pid"),
                                "--bind-address=127.0.0.1",
                                "--port=" + port,
                                "--skip-name-resolve",
                                "--innodb-flush-log-at-trx-commit=2",
                                "--max-connections=300",
                                // Its local time repeats an hour each autumn: the store must not notice.
                                "--default-time-zone=SYSTEM")));
        return server.begin();
    }

    private static Path postgresBinaries() {
        return installedPostgres().orElseGet(() -> EmbeddedBinaries.unpack(newDirectory()));
    }

    /** Finds a server; clients of PostgreSQL are installed in the same place. */
    private static Optional<Path> installedPostgres() {
        if (!Files.isDirectory(POSTGRES) || Boolean.getBoolean(EMBEDDED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(POSTGRES)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Neither server runs as root. */
    private static List<String> as(String user, List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("setpriv", "--reuid=" + userFor(user), "--clear-groups"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static String userFor(String user) {
        try {
            return Files.readString(Path.of("/etc/passwd")).contains("\n" + user + ":") ? user : "nobody";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newDirectory() {
        try {
            Path directory = Files.createTempDirectory("captcha-callback-db");
            directory.toFile().setWritable(true, false);
            directory.toFile().setReadable(true, false);
            directory.toFile().setExecutable(true, false);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestServer begin() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        start();
        if (platform == JdbcPlatform.MARIADB) {
            try (Connection connection = DriverManager.getConnection(serverUrl(port), "root", "")) {
                connection.createStatement().execute("create database callbacks");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        try (HikariDataSource pool = pool(port, config -> {})) {
            Scripts.createTable(pool, platform);
        }
        return this;
    }

    private void end() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // What is left is in the directory for temporary files.
        }
    }

    /** Starts the server, and waits until it answers. */
    public void start() {
        process = launch();
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                DriverManager.getConnection(serverUrl(port), user(), "").close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("The server does not start: see " + directory.resolve("log"), e);
                }
                pause();
                // After a crash a server refuses to start until the last of its old processes has ended.
                process = process.isAlive() ? process : launch();
            }
        }
    }

    private Process launch() {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the server as a crash does. */
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        List<ProcessHandle> workers = running.descendants().toList();
        running.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        try {
            running.waitFor();
            for (ProcessHandle worker : workers) {
                worker.onExit().get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return port;
    }

    FaultProxy proxy() {
        try {
            return new FaultProxy(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String user() {
        return platform == JdbcPlatform.POSTGRESQL ? "postgres" : "root";
    }

    private String serverUrl(int atPort) {
        return platform == JdbcPlatform.POSTGRESQL
                ? "jdbc:postgresql://127.0.0.1:" + atPort + "/postgres"
                : "jdbc:mariadb://127.0.0.1:" + atPort + "/";
    }

    public String url(int atPort) {
        return platform == JdbcPlatform.POSTGRESQL ? serverUrl(atPort) : serverUrl(atPort) + "callbacks";
    }

    HikariDataSource pool(Consumer<HikariConfig> settings) {
        return pool(port, settings);
    }

    /** Returns a pool of connections that go to that port: the server's own, or a proxy's. */
    HikariDataSource pool(int atPort, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(atPort));
        config.setUsername(user());
        config.setPassword("");
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(10_000);
        settings.accept(config);
        return new HikariDataSource(config);
    }
}
