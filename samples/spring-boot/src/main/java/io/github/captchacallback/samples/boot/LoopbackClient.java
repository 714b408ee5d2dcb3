package io.github.captchacallback.samples.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.provider.TaskResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Calls this process's own callback endpoint, and nothing else: whatever host a callback URL names, the request goes to the
 * loopback address. It writes HTTP/1.1 by hand, since an attacker chooses the address that a connection comes from, and the
 * JDK's client only does so from Java 19 on.
 */
@Component
class LoopbackClient {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int MAX_ANSWER_BYTES = 65_536;

    private final CaptchaCallbacks callbacks;
    private volatile int port;

    LoopbackClient(CaptchaCallbacks callbacks) {
        this.callbacks = callbacks;
    }

    @EventListener
    void started(ServletWebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    Answer get(String sent, String callbackUrl, String taskId, String code) {
        return from(1, sent, callbackUrl, taskId, code, Map.of());
    }

    /**
     * Sends a request from an address of this machine.
     *
     * @param host the last number of {@code 127.0.0.x}
     */
    Answer from(int host, String sent, String callbackUrl, String taskId, String code, Map<String, String> headers) {
        StringBuilder request = new StringBuilder("GET ")
                .append(target(callbackUrl, taskId, code))
                .append(" HTTP/1.1\r\nHost: localhost:")
                .append(port)
                .append("\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.bind(new InetSocketAddress(loopback(host), 0));
            socket.connect(new InetSocketAddress(loopback(1), port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(MAX_ANSWER_BYTES);
            return parse(
                    sent,
                    new String(answer, StandardCharsets.UTF_8),
                    callbacks.settings().errorDetail());
        } catch (IOException e) {
            return Answer.notSent(sent, "This machine could not send it: " + e.getMessage());
        }
    }

    /** Puts our own parameters behind the part of the URL that follows the public one. */
    private String target(String callbackUrl, String taskId, String code) {
        String publicUrl = String.valueOf(callbacks.settings().publicUrl());
        String signedPart = callbackUrl.substring(publicUrl.length());
        String parameters =
                callbacks.settings().format().write(taskId, new TaskResult.Solution(code)).entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                        .collect(Collectors.joining("&"));
        return callbacks.settings().path() + signedPart + (signedPart.contains("?") ? "&" : "?") + parameters;
    }

    private static InetAddress loopback(int host) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Answer parse(String sent, String answer, boolean detailed) throws IOException {
        int headEnd = answer.indexOf("\r\n\r\n");
        String[] statusLine = answer.split(" ", 3);
        if (headEnd < 0 || statusLine.length < 3) {
            throw new IOException("no answer");
        }
        return Answer.of(sent, Integer.parseInt(statusLine[1]), answer.substring(headEnd + 4), detailed);
    }
}
