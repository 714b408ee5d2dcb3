package io.github.captchacallback.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds what is answered to the service, ready to be written by an adapter.
 *
 * @param status the status code
 * @param headers all headers, the content type among them
 * @param body the body, in ASCII
 */
public record CallbackAnswer(int status, Map<String, String> headers, String body) {

    /**
     * The headers that every answer carries, the application's own included: a callback URL is as good as the callback,
     * so that it belongs neither in a cache nor in a referrer.
     */
    public static final Map<String, String> PROTECTIVE_HEADERS =
            Map.of("Cache-Control", "no-store", "Referrer-Policy", "no-referrer");

    private static final String CONTENT_TYPE = "Content-Type";

    /** Keeps a copy of the headers. */
    public CallbackAnswer {
        headers = Map.copyOf(headers);
    }

    /** Returns the answer to an accepted callback for which the application has none of its own. */
    public static CallbackAnswer ok() {
        return of(200, Map.of(CONTENT_TYPE, "text/plain"), "OK");
    }

    /**
     * Returns the answer to a callback that was refused.
     *
     * @param error the word on the wire, in plain letters
     * @param headers headers beside the protective ones and the content type
     */
    public static CallbackAnswer error(int status, String error, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(CONTENT_TYPE, "application/json");
        return of(status, all, "{\"error\":\"" + error + "\"}");
    }

    private static CallbackAnswer of(int status, Map<String, String> headers, String body) {
        Map<String, String> all = new LinkedHashMap<>(PROTECTIVE_HEADERS);
        all.putAll(headers);
        return new CallbackAnswer(status, all, body);
    }
}
