package io.github.captchacallback.address;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Names the header in which our proxies write the hops before them. */
public enum ForwardedHeader {

    /** {@code X-Forwarded-For} with {@code X-Forwarded-Proto}: a custom, not a standard. */
    X_FORWARDED_FOR("X-Forwarded-For") {
        @Override
        Forwarding read(Function<String, List<String>> headers) {
            return new Forwarding(
                    commaSeparated(headers.apply("X-Forwarded-For")),
                    commaSeparated(headers.apply("X-Forwarded-Proto")));
        }
    },

    /** {@code Forwarded}, RFC 7239. */
    FORWARDED("Forwarded") {
        @Override
        Forwarding read(Function<String, List<String>> headers) {
            return new ForwardedParser(String.join(",", headers.apply("Forwarded"))).parse();
        }
    };

    private final String headerName;

    ForwardedHeader(String headerName) {
        this.headerName = headerName;
    }

    /** Returns the header's name, as the setting has it. */
    public String headerName() {
        return headerName;
    }

    /** Reads all the occurrences of the header, joined in order. */
    abstract Forwarding read(Function<String, List<String>> headers);

    private static List<String> commaSeparated(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }
}
