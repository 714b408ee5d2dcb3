package io.github.captchacallback.protocol;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.settings.CallbackSettings;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are for the callback endpoint.
 *
 * <p>Containers and frameworks fold paths in different ways, and a filter that compares paths is bypassed by a spelling that
 * it does not fold. So every spelling that any of them could take for the endpoint's path, or for a path below it, is
 * covered, and every covered path except the plain form is malformed. Paths below the endpoint's are covered because an
 * endpoint can be mapped by prefix, such as {@code /captcha/callback/*}.
 */
final class CallbackPath {

    private final String path;
    private final String letters;
    private final boolean tokenInPath;

    CallbackPath(String path, boolean tokenInPath) {
        this.path = path;
        this.letters = PathSpelling.letters(path);
        this.tokenInPath = tokenInPath;
    }

    /** Returns the path that the settings describe. */
    static CallbackPath of(CallbackSettings settings) {
        return new CallbackPath(settings.path(), settings.signature().inPath());
    }

    /** Reports whether a request is for the endpoint, by the path that was sent or by the path that was mapped. */
    boolean covers(CallbackRequest request) {
        String sent = request.path();
        if (covers(sent, request)) {
            return true;
        }
        String mapped = request.mappedPath();
        return !mapped.equals(sent) && covers(mapped, request);
    }

    /** Reports whether a path is the endpoint's or below it, whatever its spelling. */
    boolean covers(String requested) {
        return covers(requested, null);
    }

    private boolean covers(String requested, @Nullable CallbackRequest request) {
        if (PathSpelling.isOrdinary(requested)) {
            return begins(requested);
        }
        String contentType = request == null ? null : contentType(request);
        return PathSpelling.anyReading(requested, contentType, letters, this::begins);
    }

    /** Returns the type of the body if it can be read; if it cannot, verification refuses the request for that. */
    private static @Nullable String contentType(CallbackRequest request) {
        try {
            return request.contentType();
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Reports whether this path and another endpoint's cover each other: one is the other, or is below it. */
    boolean overlaps(CallbackPath other) {
        return covers(other.path) || other.covers(path);
    }

    /** Compares in any case, and takes for a letter what {@link String#equalsIgnoreCase} takes for it, such as the Kelvin sign. */
    private boolean begins(String reading) {
        int end = path.length();
        return reading.regionMatches(true, 0, path, 0, end) && (reading.length() == end || reading.charAt(end) == '/');
    }

    /** Reports whether a path is the endpoint's in the only form that is accepted. */
    boolean isPlain(String requested) {
        if (!tokenInPath) {
            return requested.equals(path);
        }
        return requested.startsWith(path + "/") && requested.indexOf('/', path.length() + 1) < 0;
    }

    /** Returns the token in a plain path; null if the token is in the query. */
    @Nullable
    String token(String requested) {
        return tokenInPath ? requested.substring(path.length() + 1) : null;
    }
}
