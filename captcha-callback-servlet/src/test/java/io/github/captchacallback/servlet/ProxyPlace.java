package io.github.captchacallback.servlet;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Describes where a proxy runs. It has the same two ports on its IPv4 address and, if this machine has IPv6, on {@code ::1}.
 *
 * @param address the IPv4 address
 * @param http the port for HTTP
 * @param https the port for HTTPS
 * @param folder a folder of its own
 * @param next the address and the port that it connects to
 */
record ProxyPlace(String address, int http, int https, Path folder, String next) {

    private static final int ATTEMPTS = 20;

    /** Chooses two ports that are free now; nobody but a test uses these addresses. */
    static ProxyPlace choose(String address, Path folder, String next) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (ServerSocket http = new ServerSocket(0, 1, Proxy.address(address));
                    ServerSocket https = new ServerSocket(0, 1, Proxy.address(address))) {
                if (Proxy.hasIpv6()) {
                    new ServerSocket(http.getLocalPort(), 1, Proxy.address(Proxy.IPV6_LOOPBACK)).close();
                    new ServerSocket(https.getLocalPort(), 1, Proxy.address(Proxy.IPV6_LOOPBACK)).close();
                }
                return new ProxyPlace(address, http.getLocalPort(), https.getLocalPort(), folder, next);
            } catch (BindException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Returns the addresses to listen on, as a configuration has them. */
    List<String> addresses() {
        return Stream.concat(
                        Stream.of(address),
                        Stream.of("[" + Proxy.IPV6_LOOPBACK + "]").filter(ipv6 -> Proxy.hasIpv6()))
                .toList();
    }

    /** Returns the port that stands for 80 or 443 of the document. */
    int port(String documented) {
        return documented.equals("443") ? https : http;
    }

    /** Returns the path of a file in the folder. */
    String file(String name) {
        return folder.resolve(name).toString();
    }
}
