package io.github.captchacallback.spring.test;

import io.github.captchacallback.http.CallbackRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a callback as it goes over the wire, encoded.
 *
 * @param path where it goes, and the token where that stands there
 * @param query the whole query; null where there is none
 * @param form the body; empty where there is none
 * @param remoteAddress where it comes from
 */
record SentCallback(String method, String path, @Nullable String query, String form, String remoteAddress)
        implements CallbackRequest {

    private static final String FORM = "application/x-www-form-urlencoded";

    /**
     * Puts a callback together.
     *
     * @param values the service's parameters; a service that sends a body leaves the URL as it is
     */
    static SentCallback of(String method, String url, Map<String, String> values, String remoteAddress) {
        String parameters = values.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        int end = url.indexOf('?');
        String path = end < 0 ? url : url.substring(0, end);
        String query = end < 0 ? null : url.substring(end + 1);
        if (method.equals("POST")) {
            return new SentCallback(method, path, query, parameters, remoteAddress);
        }
        return new SentCallback(method, path, query == null ? parameters : query + "&" + parameters, "", remoteAddress);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public List<String> headers(String name) {
        return List.of();
    }

    @Override
    public @Nullable String contentType() {
        return form.isEmpty() ? null : FORM;
    }

    @Override
    public byte[] body(int maxBytes) {
        byte[] body = body();
        return Arrays.copyOf(body, Math.min(maxBytes, body.length));
    }

    byte[] body() {
        return form.getBytes(StandardCharsets.US_ASCII);
    }
}
