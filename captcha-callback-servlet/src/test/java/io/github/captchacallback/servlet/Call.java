package io.github.captchacallback.servlet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/**
 * Describes an HTTP request byte by byte, since no HTTP client would send all of these. Immutable.
 *
 * @param head the request line and the headers, each with its line's end
 * @param body what follows the empty line, one byte a character
 * @param host the last number of the address that the client calls from: 127.0.0.1, 127.0.0.2 and so on are all ours
 * @param endsEarly whether the client ends its side of the connection after that, and so breaks off what is missing
 */
record Call(String head, String body, int host, boolean endsEarly) {

    static final String FORM = "application/x-www-form-urlencoded";

    /** The host that each request names. */
    static final String HOST = "callbacks.example";

    private static final int TIMEOUT_MILLIS = 30_000;

    static Call get(String target) {
        return of("GET", target);
    }

    static Call of(String method, String target) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n";
        return new Call(head, "", 1, false);
    }

    /** Returns a form post. */
    static Call post(String target, String form) {
        return of("POST", target).header("Content-Type", FORM).body(form);
    }

    Call header(String name, String value) {
        return new Call(head + name + ": " + value + "\r\n", body, host, endsEarly);
    }

    Call body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return header("Content-Length", String.valueOf(bytes.length))
                .rawBody(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Sends a body in chunks of so many bytes. */
    Call chunkedBody(String text, int chunk) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += chunk) {
            int length = Math.min(chunk, bytes.length - at);
            chunks.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.write(bytes, at, length);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return header("Transfer-Encoding", "chunked").rawBody(chunks.toString(StandardCharsets.ISO_8859_1));
    }

    /** Sends these bytes for a body, whatever the headers say of it. */
    Call rawBody(String bytes) {
        return new Call(head, bytes, host, endsEarly);
    }

    Call from(int otherHost) {
        return new Call(head, body, otherHost, endsEarly);
    }

    Call endingEarly() {
        return new Call(head, body, host, true);
    }

    /** Opens a connection and sends the request; the caller reads the answer, or does not. */
    Socket open(int port, boolean tls) throws IOException {
        return open(loopback(host), new InetSocketAddress(loopback(1), port), tls);
    }

    private Socket open(InetAddress client, InetSocketAddress server, boolean tls) throws IOException {
        Socket socket = tls ? TestKeystore.sslContext().getSocketFactory().createSocket() : new Socket();
        try {
            socket.bind(new InetSocketAddress(client, 0));
            socket.connect(server, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (socket instanceof SSLSocket secure) {
                secure.startHandshake();
            }
            OutputStream out = socket.getOutputStream();
            out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(body.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (endsEarly) {
                socket.shutdownOutput();
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static InetAddress loopback(int host) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
    }

    /** Sends the request and reads up to the end of the connection. */
    Answer send(int port, boolean tls) {
        try (Socket socket = open(port, tls)) {
            return Answer.parse(readAll(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the request from another address to another server. */
    Answer send(InetAddress client, InetSocketAddress server, boolean tls) {
        try (Socket socket = open(client, server, tls)) {
            return Answer.parse(readAll(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that closes on unread bytes resets the connection behind its answer. */
    private static byte[] readAll(Socket socket) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(received);
        } catch (SocketException e) {
            if (received.size() == 0) {
                throw e;
            }
        }
        return received.toByteArray();
    }

    @Override
    public String toString() {
        return head;
    }
}
