package io.github.captchacallback.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes TCP connections on to a server of this machine, and disturbs them. It reads no protocol: what a server sends first
 * after a client has sent something counts as a reply. That is so for PostgreSQL, MariaDB and Redis alike.
 *
 * <p>Use one proxy for each node, and give the node the proxy's port instead of the server's. Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong replies = new AtomicLong();
    private final AtomicInteger countdown = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean refusing;
    /** Whoever passes something on waits for this latch first. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /**
     * Listens on a free port of the loopback interface.
     *
     * @param target the server's port on the loopback interface
     */
    public FaultProxy(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("fault-proxy-" + listener.getLocalPort(), this::accept);
    }

    /** Returns the port that clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Returns how many replies have passed: the round trips since the proxy was started. */
    public long replies() {
        return replies.get();
    }

    /** Returns how many replies were dropped. */
    public int dropped() {
        return dropped.get();
    }

    /**
     * Lets the server do its work, and its client not hear of it: drops one reply, and resets the connection.
     *
     * @param nth which of the replies from now on: 1 is the next one; 0 takes the order back
     */
    public void dropReply(int nth) {
        countdown.set(nth);
    }

    /** Passes each piece of a reply on after a delay. */
    public void delayReplies(Duration each) {
        delay = each;
    }

    /** Resets all open connections. New ones pass. */
    public void reset() {
        connections.forEach(Connection::reset);
    }

    /** Resets all open connections and each new one, as if the server were down. */
    public void refuse() {
        refusing = true;
        reset();
    }

    /**
     * Passes nothing on, and closes nothing: clients wait. As on a network that recovers, what was sent meanwhile arrives after
     * {@link #pass()}, even if its sender has given up.
     */
    public void blackHole() {
        if (gate.getCount() == 0) {
            gate = new CountDownLatch(1);
        }
    }

    /** Ends all faults. */
    public void pass() {
        refusing = false;
        delay = Duration.ZERO;
        countdown.set(0);
        gate.countDown();
    }

    /** Ends all connections. */
    @Override
    public void close() throws IOException {
        listener.close();
        reset();
        gate.countDown();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Connection connection = new Connection(listener.accept());
                connections.add(connection);
                start("fault-proxy-requests", connection::passRequests);
            } catch (IOException e) {
                // The listener was closed: the loop ends.
            }
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Connection {

        private final Socket client;
        private final Socket server = new Socket();
        private final AtomicBoolean asked = new AtomicBoolean();

        Connection(Socket client) throws IOException {
            this.client = client;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void passRequests() {
            try {
                gate.await();
                if (refusing) {
                    reset();
                    return;
                }
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                start("fault-proxy-replies", this::passReplies);
                byte[] buffer = new byte[64 * 1024];
                for (int n; (n = client.getInputStream().read(buffer)) >= 0; ) {
                    gate.await();
                    asked.set(true);
                    server.getOutputStream().write(buffer, 0, n);
                }
                gate.await();
                server.shutdownOutput();
            } catch (IOException | InterruptedException e) {
                reset();
            }
        }

        private void passReplies() {
            try {
                byte[] buffer = new byte[64 * 1024];
                for (int n; (n = server.getInputStream().read(buffer)) >= 0; ) {
                    boolean begins = asked.getAndSet(false);
                    if (begins && countdown.getAndUpdate(left -> Math.max(0, left - 1)) == 1) {
                        dropped.incrementAndGet();
                        reset();
                        return;
                    }
                    Thread.sleep(delay.toMillis());
                    gate.await();
                    if (begins) {
                        replies.incrementAndGet();
                    }
                    client.getOutputStream().write(buffer, 0, n);
                }
                close(client);
                connections.remove(this);
            } catch (IOException | InterruptedException e) {
                reset();
            }
        }

        void reset() {
            connections.remove(this);
            try {
                client.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already.
            }
            close(client);
            close(server);
        }

        private void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
