package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyDocument.replace;
import static io.github.captchacallback.servlet.ProxyDocument.snippet;

import io.github.captchacallback.settings.ForwardedHeader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names the proxies that the tests run; each name in lower case is that of the document's snippet and of the program. */
enum ProxyProgram {
    NGINX("nginx") {
        @Override
        String server(ProxyRole role, ForwardedHeader header) {
            return linesFor(role, header, "$remote_addr", "$proxy_add_x_forwarded_for");
        }

        @Override
        String inPlace(String server, ProxyPlace place) {
            return onOurPorts(replace(server, ProxyDocument.APPLICATION, place.next()), place);
        }

        @Override
        String frame(ProxyPlace place, ForwardedHeader header, String server) {
            // Of a master that root has started the workers would be nobody, who could not write into the folder.
            return """
                    user root;
                    daemon off;
                    pid %1$s/pid;
                    error_log stderr;
                    events {}
                    http {
                        client_body_temp_path %1$s/body;
                        proxy_temp_path %1$s/proxy;
                        fastcgi_temp_path %1$s/fastcgi;
                        uwsgi_temp_path %1$s/uwsgi;
                        scgi_temp_path %1$s/scgi;
                        proxy_bind %2$s;
                    %3$s
                    %4$s
                    %5$s
                    }
                    """.formatted(
                            place.folder(),
                            place.address(),
                            header == ForwardedHeader.FORWARDED ? snippet("nginx-forwarded-map") : "",
                            replace(snippet("nginx-log"), "/var/log/nginx/access.log", place.file("access")),
                            server.replace("/var/cache/nginx", place.file("cache")));
        }

        @Override
        List<String> arguments(ProxyPlace place, Path configuration) {
            // What it says before it has read where to say it, it would write below /var/log.
            return List.of("-e", "stderr", "-c", configuration.toString());
        }
    },

    HAPROXY("haproxy") {
        @Override
        String server(ProxyRole role, ForwardedHeader header) {
            return linesFor(role, header, "http-request set-header X-Forwarded-For %[src]", "option forwardfor");
        }

        @Override
        String inPlace(String server, ProxyPlace place) {
            return onOurPorts(replace(server, ProxyDocument.APPLICATION, place.next()), place);
        }

        @Override
        String frame(ProxyPlace place, ForwardedHeader header, String server) {
            return """
                    defaults
                        timeout connect 30s
                        timeout client 30s
                        timeout server 30s
                        source %s
                        log stdout format raw daemon
                    %s
                    """.formatted(
                            place.address(),
                            replace(server, "    mode http\n", "    mode http\n" + snippet("haproxy-log") + "\n"));
        }

        @Override
        List<String> arguments(ProxyPlace place, Path configuration) {
            return List.of("-db", "-f", configuration.toString());
        }
    },

    /** Apache httpd, which appends to {@code X-Forwarded-For} by itself. */
    APACHE2("apache2") {
        private static final String UNSETS = "    RequestHeader unset X-Forwarded-For\n";
        private static final String SETS_THE_SCHEME =
                "    RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}\n";
        private static final String VIRTUAL_HOST = "<VirtualHost \\*:(80|443)>";

        @Override
        String server(ProxyRole role, ForwardedHeader header) {
            requireSingle(role);
            String server = snippet("apache2");
            if (header == ForwardedHeader.FORWARDED) {
                String sets = snippet("apache2-forwarded") + "\n";
                return replace(
                        server,
                        UNSETS + SETS_THE_SCHEME,
                        role == ProxyRole.APPENDS ? replace(sets, " set Forwarded", " append Forwarded") : sets);
            }
            return role == ProxyRole.APPENDS ? replace(server, UNSETS, "") : server;
        }

        @Override
        String inPlace(String server, ProxyPlace place) {
            return Pattern.compile(VIRTUAL_HOST)
                    .matcher(replace(server, ProxyDocument.APPLICATION, place.next()))
                    .replaceAll(host -> "<VirtualHost " + String.join(" ", sockets(place, host.group(1))) + ">");
        }

        private List<String> sockets(ProxyPlace place, String documented) {
            return place.addresses().stream()
                    .map(address -> address + ":" + place.port(documented))
                    .toList();
        }

        @Override
        String frame(ProxyPlace place, ForwardedHeader header, String server) {
            String modules = Stream.of("mpm_event", "authz_core", "headers", "proxy", "proxy_http", "ssl")
                    .map(module -> "LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so")
                    .collect(Collectors.joining("\n"));
            String listen = Stream.of("80", "443")
                    .flatMap(documented -> sockets(place, documented).stream())
                    .map(socket -> "Listen " + socket)
                    .collect(Collectors.joining("\n"));
            return """
                    %s
                    ServerRoot %2$s
                    ServerName your-server.com
                    DefaultRuntimeDir %2$s
                    PidFile %2$s/pid
                    ErrorLog /dev/stderr
                    User nobody
                    Group nogroup
                    SSLSessionCache none
                    ProxySourceAddress %3$s
                    %4$s
                    %5$s
                    %6$s
                    """.formatted(
                            modules,
                            place.folder(),
                            place.address(),
                            listen,
                            replace(snippet("apache2-log"), "${APACHE_LOG_DIR}/access.log", place.file("access")),
                            server);
        }

        @Override
        List<String> arguments(ProxyPlace place, Path configuration) {
            return List.of("-D", "FOREGROUND", "-f", configuration.toString());
        }
    },

    /** Caddy, which sets {@code X-Forwarded-For} and {@code X-Forwarded-Proto} by itself. */
    CADDY("caddy") {
        private static final String PROXY = "    reverse_proxy " + ProxyDocument.APPLICATION;
        private static final String EVERYBODY = "        trusted_proxies 0.0.0.0/0 ::/0\n";
        private static final String SETS_THE_SCHEME = "        header_up X-Forwarded-Proto {scheme}\n";

        @Override
        String server(ProxyRole role, ForwardedHeader header) {
            requireSingle(role);
            String server = snippet("caddy");
            if (header == ForwardedHeader.FORWARDED) {
                String sets = snippet("caddy-forwarded");
                return replace(
                        server,
                        PROXY,
                        role == ProxyRole.APPENDS
                                ? replace(sets, "header_up Forwarded", "header_up +Forwarded")
                                : sets);
            }
            // It appends for a client that it trusts, and then takes the scheme from it as well.
            return role == ProxyRole.APPENDS
                    ? replace(server, PROXY, PROXY + " {\n" + EVERYBODY + SETS_THE_SCHEME + "    }")
                    : server;
        }

        @Override
        String inPlace(String server, ProxyPlace place) {
            return replace(replace(server, ProxyDocument.APPLICATION, place.next()), "your-server.com", Call.HOST);
        }

        /** Adds the certificate that a Caddy on the Internet gets by itself. */
        @Override
        String frame(ProxyPlace place, ForwardedHeader header, String server) {
            return """
                    {
                        admin off
                        auto_https off
                        http_port %1$d
                        https_port %2$d
                        default_bind %3$s
                        default_sni %4$s
                        servers {
                            protocols h1
                        }
                        storage file_system %5$s/storage
                    }
                    https://%4$s {
                        tls %5$s/pem %5$s/pem
                    }
                    %6$s
                    """.formatted(
                            place.http(),
                            place.https(),
                            String.join(" ", place.addresses()),
                            LOOPBACK,
                            place.folder(),
                            replace(
                                    server,
                                    "https://" + Call.HOST + " {\n",
                                    "https://" + Call.HOST + " {\n" + snippet("caddy-log") + "\n"));
        }

        @Override
        List<String> arguments(ProxyPlace place, Path configuration) {
            return List.of("run", "--adapter", "caddyfile", "--config", configuration.toString());
        }

        @Override
        String logged(String method, String path) {
            return "\"method\":\"" + method + "\",\"host\":\"" + Call.HOST + "\",\"uri\":\"" + path + "\"";
        }

        @Override
        String listensAt(ProxyRole role) {
            return LOOPBACK;
        }
    },

    /** Varnish, which ends no TLS, and appends to {@code X-Forwarded-For} by itself. */
    VARNISHD("varnish") {
        @Override
        String server(ProxyRole role, ForwardedHeader header) {
            return snippet("varnish");
        }

        @Override
        String inPlace(String server, ProxyPlace place) {
            return server;
        }

        @Override
        String frame(ProxyPlace place, ForwardedHeader header, String server) {
            String[] next = place.next().split(":", -1);
            return """
                    vcl 4.1;
                    backend default {
                        .host = "%s";
                        .port = "%s";
                    }
                    %s
                    """.formatted(next[0], next[1], server);
        }

        @Override
        List<String> arguments(ProxyPlace place, Path configuration) {
            return List.of(
                    "-F",
                    "-n",
                    place.folder().toString(),
                    "-a",
                    place.address() + ":" + place.http(),
                    "-f",
                    configuration.toString(),
                    "-s",
                    "malloc,16m",
                    "-j",
                    "none");
        }

        @Override
        String listensAt(ProxyRole role) {
            return LOOPBACK;
        }
    };

    private static final String LOOPBACK = "127.0.0.1";
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");
    private static final Pattern HEADER_LINE = Pattern.compile("set.header X-Forwarded-");

    /** Where nginx and HAProxy of the document listen, to HTTP and to HTTPS, on IPv4 and on IPv6. */
    private static final Pattern LISTEN = Pattern.compile("(listen|bind) (\\[::]:|:)?(80|443)\\b");

    private final String debianPackage;

    ProxyProgram(String debianPackage) {
        this.debianPackage = debianPackage;
    }

    /** Returns the document's server, as it stands or with other lines to write the header. */
    abstract String server(ProxyRole role, ForwardedHeader header);

    /** Returns the document's server with ports and a next server of this machine. */
    abstract String inPlace(String server, ProxyPlace place);

    /** Returns a whole configuration, of which the document has the part that counts. */
    abstract String frame(ProxyPlace place, ForwardedHeader header, String server);

    /** Returns how it is told to stay in the foreground with a configuration. */
    abstract List<String> arguments(ProxyPlace place, Path configuration);

    /** Returns what its access log has of a request. */
    String logged(String method, String path) {
        return "\"" + method + " " + path + " HTTP/1.";
    }

    /**
     * Returns where it listens and connects from: the document's address, unless it cannot choose where it connects from and so
     * connects from {@code 127.0.0.1}.
     */
    String listensAt(ProxyRole role) {
        return role == ProxyRole.SECOND ? ProxyDocument.SECOND : ProxyDocument.OUTERMOST;
    }

    String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    String debianPackage() {
        return debianPackage;
    }

    /** Looks for the program on the path, and where an ordinary user's path does not lead. */
    Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Pattern.compile(File.pathSeparator).splitAsStream(path), SYSTEM_FOLDERS.stream())
                .map(folder -> Path.of(folder, program()))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** Returns the document's server of a program that has one line for each header. */
    final String linesFor(ProxyRole role, ForwardedHeader header, String sets, String appends) {
        List<String> server = snippet(program()).lines().toList();
        String setting = server.stream().filter(ProxyProgram::writesTheHeader).collect(Collectors.joining("\n"));
        boolean standard = header == ForwardedHeader.FORWARDED;
        String writing =
                switch (role) {
                    case SETS -> standard ? snippet(program() + "-forwarded") : setting;
                    case APPENDS ->
                        standard ? snippet(program() + "-forwarded-second") : replace(setting, sets, appends);
                    case SECOND -> snippet(program() + (standard ? "-forwarded-second" : "-second"));
                };
        return replace(String.join("\n", server), setting, writing)
                .lines()
                .filter(line -> role != ProxyRole.SECOND || writesAnyHeader(line) || !line.contains("ssl"))
                .collect(Collectors.joining("\n"));
    }

    private static boolean writesTheHeader(String line) {
        return HEADER_LINE.matcher(line).find();
    }

    private static boolean writesAnyHeader(String line) {
        return line.contains("header ");
    }

    final void requireSingle(ProxyRole role) {
        if (role == ProxyRole.SECOND) {
            throw new IllegalArgumentException("The document has " + this + " as the only proxy or the outermost");
        }
    }

    /** Returns each line that says where to listen for a port of ours, or without IPv6 only those for IPv4. */
    static String onOurPorts(String server, ProxyPlace place) {
        return server.lines()
                .flatMap(line -> {
                    Matcher listen = LISTEN.matcher(line);
                    if (!listen.find()) {
                        return Stream.of(line);
                    }
                    boolean ipv6 = "[::]:".equals(listen.group(2));
                    return place.addresses().stream()
                            .filter(address -> address.startsWith("[") == ipv6)
                            .map(address -> listen.replaceFirst("$1 " + address + ":" + place.port(listen.group(3))));
                })
                .collect(Collectors.joining("\n"));
    }
}
