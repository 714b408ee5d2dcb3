package io.github.captchacallback.servlet;

import io.github.captchacallback.settings.ForwardedHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a proxy, with the document's configuration, on free ports of an address of this machine. */
final class Proxy implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;
    private static final int ATTEMPTS = 5;
    static final String IPV6_LOOPBACK = "::1";

    private static final Pattern CERTIFICATE = Pattern.compile("/etc/\\S+\\.(?:pem|key)");

    private final ProxyProgram program;
    private final ProxyPlace place;
    private final Process process;

    private Proxy(ProxyProgram program, ProxyPlace place, Process process) {
        this.program = program;
        this.place = place;
        this.process = process;
    }

    /** Returns an address; a literal stands for one alone. */
    static InetAddress address(String literal) {
        try {
            return InetAddress.getAllByName(literal)[0];
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Says whether this machine has an IPv6 address to listen on. */
    static boolean hasIpv6() {
        try {
            new ServerSocket(0, 1, address(IPV6_LOOPBACK)).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Starts a proxy, and returns once it takes connections.
     *
     * @param edit changes the document's server into the one that a test is about
     * @param next the address and the port that it connects to
     */
    static Proxy start(
            ProxyProgram program, ProxyRole role, ForwardedHeader header, UnaryOperator<String> edit, String next)
            throws IOException {
        String documented = edit.apply(program.server(role, header));
        for (int attempt = 1; ; attempt++) {
            Path folder = Files.createTempDirectory(program.program());
            ProxyPlace place = ProxyPlace.choose(program.listensAt(role), folder, next);
            String server = program.inPlace(documented, place);
            server = CERTIFICATE.matcher(server).replaceAll(place.file("pem"));
            Files.writeString(folder.resolve("pem"), TestKeystore.pem());
            Path configuration =
                    Files.writeString(folder.resolve("configuration"), program.frame(place, header, server) + "\n");
            List<String> command = new ArrayList<>();
            command.add(program.find().orElseThrow().toString());
            command.addAll(program.arguments(place, configuration));
            Path log = folder.resolve("log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            // A program that keeps something in its user's folders keeps it in ours.
            List.of("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
                    .forEach(home -> builder.environment().put(home, folder.toString()));
            Proxy proxy = new Proxy(program, place, builder.start());
            if (proxy.awaitStart()) {
                return proxy;
            }
            String said = Files.readString(log) + "\nof\n" + Files.readString(configuration);
            proxy.close();
            // Somebody else may have had a port by then.
            if (attempt == ATTEMPTS) {
                throw new AssertionError(program + " did not start, but said\n" + said);
            }
        }
    }

    private boolean awaitStart() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(http());
                return true;
            } catch (IOException e) {
                awaitEnd(20);
            }
        }
        return false;
    }

    /** Waits until the proxy has logged a request by its method and its path, and returns all that it has logged. */
    String awaitLogged(String method, String path) {
        String awaited = program.logged(method, path);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String logged = logged();
        while (!logged.contains(awaited)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(program + " has not logged " + awaited + " but\n" + logged);
            }
            awaitEnd(20);
            logged = logged();
        }
        return logged;
    }

    private String logged() {
        try (Stream<Path> files = Files.list(place.folder())) {
            StringBuilder logged = new StringBuilder();
            for (Path file : files.filter(file -> file.endsWith("access") || file.endsWith("log"))
                    .toList()) {
                logged.append(Files.readString(file));
            }
            return logged.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress http() {
        return new InetSocketAddress(address(place.address()), place.http());
    }

    InetSocketAddress https() {
        return new InetSocketAddress(address(place.address()), place.https());
    }

    InetSocketAddress httpsOnIpv6() {
        return new InetSocketAddress(address(IPV6_LOOPBACK), place.https());
    }

    private void awaitEnd(long millis) {
        process.onExit()
                .completeOnTimeout(process, millis, TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        awaitEnd(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(place.folder())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
