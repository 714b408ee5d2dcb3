package io.github.captchacallback.samples.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Writes a request by hand, as no HTTP client would. */
final class RawRequest {

    private static final int TIMEOUT_MILLIS = 30_000;

    private RawRequest() {}

    /** Returns all that is answered, the headers included. */
    static String get(int port, String target) {
        try (Socket socket = connect(port)) {
            return exchange(socket, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    static String exchange(Socket socket, String target) throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
