package io.github.captchacallback.samples.boot.nodes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs HAProxy in front of several nodes, each of which gets every n-th request. */
final class LoadBalancer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final Path configuration;

    private LoadBalancer(Process process, Path configuration) {
        this.process = process;
        this.configuration = configuration;
    }

    static Optional<Path> program() {
        return Stream.of("/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static LoadBalancer start(int port, List<NodeProcess> nodes) throws IOException {
        StringBuilder text = new StringBuilder("""
                global
                    maxconn 2000
                defaults
                    mode http
                    timeout connect 1s
                    timeout client 30s
                    timeout server 30s
                    retries 2
                    option redispatch
                frontend callbacks
                    bind 127.0.0.1:%d
                    default_backend nodes
                backend nodes
                    balance roundrobin
                    option httpchk GET /demo/node
                """.formatted(port));
        for (NodeProcess node : nodes) {
            text.append("    server n")
                    .append(node.port())
                    .append(" 127.0.0.1:")
                    .append(node.port())
                    .append(" check inter 200ms fall 1 rise 1\n");
        }
        Path configuration = Files.writeString(Files.createTempFile("haproxy", ".cfg"), text);
        Process process = new ProcessBuilder(program().orElseThrow().toString(), "-db", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        LoadBalancer balancer = new LoadBalancer(process, configuration);
        balancer.awaitStart(port);
        return balancer;
    }

    private void awaitStart(int port) {
        long deadline = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("HAProxy has not started");
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Files.deleteIfExists(configuration);
    }
}
