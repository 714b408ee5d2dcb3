package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private ServerSocket server;
    private FaultProxy proxy;

    /** A server that answers each line with the same line. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                daemon(() -> {
                    Client echo = new Client(socket);
                    for (String line; (line = echo.read()) != null; ) {
                        received.add(line);
                        echo.write(line);
                    }
                });
            }
        });
        proxy = new FaultProxy(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // The socket was closed: the thread ends.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader reader;

        Client(Socket socket) throws IOException {
            this.socket = socket;
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void write(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        String read() throws IOException {
            return reader.readLine();
        }

        String ask(String line) throws IOException {
            write(line);
            return read();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client connect() throws IOException {
        return new Client(new Socket(InetAddress.getLoopbackAddress(), proxy.port()));
    }

    @Test
    void passThenEveryReplyArrivesAndIsCounted() throws Exception {
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("one");
            assertThat(client.ask("two")).isEqualTo("two");
        }
        assertThat(proxy.replies()).isEqualTo(2);
        assertThat(proxy.dropped()).isZero();
    }

    @Test
    void dropReplyThenServerHasDoneItsWorkAndClientDoesNotHearOfIt() throws Exception {
        try (Client client = connect()) {
            proxy.dropReply(2);
            assertThat(client.ask("one")).isEqualTo("one");
            assertThatThrownBy(() -> client.ask("two")).isInstanceOf(IOException.class);
        }
        assertThat(received).containsExactly("one", "two");
        assertThat(proxy.dropped()).isEqualTo(1);
        try (Client client = connect()) {
            assertThat(client.ask("three")).isEqualTo("three");
        }
    }

    @Test
    void delayRepliesThenEachIsLate() throws Exception {
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("one");
            proxy.delayReplies(Duration.ofMillis(60));
            long start = System.nanoTime();
            assertThat(client.ask("two")).isEqualTo("two");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
        }
    }

    @Test
    void resetThenOpenConnectionsFailAndNewOnesPass() throws Exception {
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("one");
            proxy.reset();
            assertThatThrownBy(() -> client.ask("two")).isInstanceOf(IOException.class);
        }
        try (Client client = connect()) {
            assertThat(client.ask("three")).isEqualTo("three");
        }
    }

    @Test
    void refuseThenNobodyIsServedUntilItPasses() throws Exception {
        proxy.refuse();
        try (Client client = connect()) {
            assertThatThrownBy(() -> client.ask("one")).isInstanceOf(IOException.class);
        }
        proxy.pass();
        try (Client client = connect()) {
            assertThat(client.ask("two")).isEqualTo("two");
        }
        assertThat(received).containsExactly("two");
    }

    @Test
    void blackHoleThenWhatWasSentArrivesOnceItPassesThoughItsSenderHasGone() throws Exception {
        try (Client client = connect()) {
            assertThat(client.ask("one")).isEqualTo("one");
            proxy.blackHole();
            client.socket.setSoTimeout(50);
            assertThatThrownBy(() -> client.ask("two")).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(received).containsExactly("one");
        proxy.pass();
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("one");
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("two");
    }
}
