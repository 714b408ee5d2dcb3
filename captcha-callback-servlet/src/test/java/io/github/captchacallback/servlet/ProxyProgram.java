package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyDocument.snippet;

import io.github.captchacallback.address.ForwardedHeader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names the proxies that the tests run; each name in lower case is that of the program and of Debian's package. */
enum ProxyProgram {
    NGINX("$remote_addr", "$proxy_add_x_forwarded_for") {
        @Override
        String frame(String address, Path folder, ForwardedHeader header, String server) {
            return """
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
                            folder,
                            address,
                            header == ForwardedHeader.FORWARDED ? snippet("nginx-forwarded-map") : "",
                            ProxyDocument.replace(
                                    snippet("nginx-log"),
                                    "/var/log/nginx/access.log",
                                    folder.resolve("access").toString()),
                            server);
        }

        @Override
        List<String> arguments(Path configuration) {
            // What it says before it has read where to say it, it would write below /var/log.
            return List.of("-e", "stderr", "-c", configuration.toString());
        }
    },

    HAPROXY("http-request set-header X-Forwarded-For %[src]", "option forwardfor") {
        @Override
        String frame(String address, Path folder, ForwardedHeader header, String server) {
            return """
                    defaults
                        timeout connect 30s
                        timeout client 30s
                        timeout server 30s
                        source %s
                        log stdout format raw daemon
                    %s
                    """.formatted(
                            address,
                            ProxyDocument.replace(
                                    server, "    mode http\n", "    mode http\n" + snippet("haproxy-log") + "\n"));
        }

        @Override
        List<String> arguments(Path configuration) {
            return List.of("-db", "-f", configuration.toString());
        }
    };

    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");
    private static final Pattern HEADER_LINE = Pattern.compile("set.header X-Forwarded-");

    private final String sets;
    private final String appends;

    ProxyProgram(String sets, String appends) {
        this.sets = sets;
        this.appends = appends;
    }

    /** Returns a whole configuration, of which the document has the part that counts. */
    abstract String frame(String address, Path folder, ForwardedHeader header, String server);

    /** Returns how it is told to stay in the foreground with a configuration. */
    abstract List<String> arguments(Path configuration);

    String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Looks for the program on the path, and where an ordinary user's path does not lead. */
    Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Pattern.compile(File.pathSeparator).splitAsStream(path), SYSTEM_FOLDERS.stream())
                .map(folder -> Path.of(folder, program()))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** Returns the document's server, as it stands or with other lines to write the header. */
    String server(ProxyRole role, ForwardedHeader header) {
        List<String> server = snippet(program()).lines().toList();
        String setting = server.stream().filter(ProxyProgram::writesTheHeader).collect(Collectors.joining("\n"));
        boolean standard = header == ForwardedHeader.FORWARDED;
        String writing =
                switch (role) {
                    case SETS -> standard ? snippet(program() + "-forwarded") : setting;
                    case APPENDS ->
                        standard
                                ? snippet(program() + "-forwarded-second")
                                : ProxyDocument.replace(setting, sets, appends);
                    case SECOND -> snippet(program() + (standard ? "-forwarded-second" : "-second"));
                };
        return ProxyDocument.replace(String.join("\n", server), setting, writing)
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
}
