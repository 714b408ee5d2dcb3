package io.github.captchacallback.servlet;

import io.github.captchacallback.address.ForwardedHeader;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs nginx or HAProxy, with the document's configuration, on free ports of an address of this machine. */
final class Proxy implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;
    private static final int ATTEMPTS = 5;
    private static final String IPV6_LOOPBACK = "::1";

    /** Where the document's proxies listen, to HTTP and to HTTPS, on IPv4 and on IPv6. */
    private static final Pattern LISTEN = Pattern.compile("(listen|bind) (\\[::]:|:)?(80|443)\\b");

    private static final Pattern CERTIFICATE = Pattern.compile("/etc/\\S+\\.(?:pem|key)");

    private record Ports(int http, int https) {

        /** Finds two ports that are free now; nobody but a test uses these addresses. */
        static Ports free(String address) throws IOException {
            try (ServerSocket http = new ServerSocket(0, 1, address(address));
                    ServerSocket https = new ServerSocket(0, 1, address(address))) {
                return new Ports(http.getLocalPort(), https.getLocalPort());
            }
        }
    }

    private final String address;
    private final Ports ports;
    private final Ports ports6;
    private final Path folder;
    private final Process process;

    private Proxy(String address, Ports ports, Ports ports6, Path folder, Process process) {
        this.address = address;
        this.ports = ports;
        this.ports6 = ports6;
        this.folder = folder;
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
     * @param address where it listens, and connects from
     * @param next the address and the port that it connects to
     */
    static Proxy start(ProxyProgram program, ProxyRole role, ForwardedHeader header, String address, String next)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path folder = Files.createTempDirectory(program.program());
            Ports ports = Ports.free(address);
            Ports ports6 = hasIpv6() ? Ports.free(IPV6_LOOPBACK) : new Ports(0, 0);
            String server = program.server(role, header)
                    .lines()
                    .flatMap(line -> listening(line, address, ports, ports6))
                    .collect(Collectors.joining("\n"));
            server =
                    CERTIFICATE.matcher(server).replaceAll(folder.resolve("pem").toString());
            server = ProxyDocument.replace(server, ProxyDocument.APPLICATION, next);
            Files.writeString(folder.resolve("pem"), TestKeystore.pem());
            Path configuration = Files.writeString(
                    folder.resolve("configuration"), program.frame(address, folder, header, server) + "\n");
            List<String> command = new ArrayList<>();
            command.add(program.find().orElseThrow().toString());
            command.addAll(program.arguments(configuration));
            Path log = folder.resolve("log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Proxy proxy = new Proxy(address, ports, ports6, folder, process);
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

    /** Returns the line as it is, on a port of ours where it says where to listen, or not at all for want of IPv6. */
    private static Stream<String> listening(String line, String address, Ports ports, Ports ports6) {
        Matcher listen = LISTEN.matcher(line);
        if (!listen.find()) {
            return Stream.of(line);
        }
        boolean ipv6 = "[::]:".equals(listen.group(2));
        Ports either = ipv6 ? ports6 : ports;
        int port = listen.group(3).equals("443") ? either.https() : either.http();
        return port == 0
                ? Stream.empty()
                : Stream.of(listen.replaceFirst("$1 " + (ipv6 ? "[" + IPV6_LOOPBACK + "]" : address) + ":" + port));
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

    /** Waits until the proxy has logged something, and returns all that it has. */
    String awaitLog(String awaited) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String logged = logged();
        while (!logged.contains(awaited) && System.nanoTime() < deadline) {
            awaitEnd(20);
            logged = logged();
        }
        return logged;
    }

    private String logged() {
        try (Stream<Path> files = Files.list(folder)) {
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
        return new InetSocketAddress(address(address), ports.http());
    }

    InetSocketAddress https() {
        return new InetSocketAddress(address(address), ports.https());
    }

    InetSocketAddress httpsOnIpv6() {
        return new InetSocketAddress(address(IPV6_LOOPBACK), ports6.https());
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
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
