package io.github.captchacallback.http;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows what verification may read of an HTTP request. An adapter translates its framework's request into this and decides
 * nothing; it is asked for what is needed and no more, the cheapest first.
 *
 * <p><b>Security notes.</b> Values are handed over as they came in: not decoded, not normalised, and not taken from
 * forwarded headers.
 */
public interface CallbackRequest {

    /** Returns the method, as it was sent. */
    String method();

    /** Says whether the connection that the request came in by is HTTPS. */
    boolean secure();

    /** Returns the address of the connection's other end, as a literal; null where it has none, such as a local socket. */
    @Nullable
    String remoteAddress();

    /** Returns all values of a header, in the order in which they came; empty where there is none. */
    List<String> headers(String name);

    /** Returns the path of the request's target as it was sent, still encoded, the context path included. */
    String path();

    /**
     * Returns the path that the container has mapped to a servlet, decoded, the context path included. It can differ from
     * {@link #path()}, for example for a welcome file. Return the path as it was sent if nothing was mapped.
     */
    default String mappedPath() {
        return path();
    }

    /** Returns the query of the request's target as it was sent, still encoded; null where there is none. */
    @Nullable
    String query();

    /** Returns the type of the body, as it was sent; null where it was not. */
    @Nullable
    String contentType();

    /**
     * Reads the body, or as much of it as asked for. It is called at most once a request.
     *
     * @param maxBytes the most to read
     * @return the bytes, fewer than asked for where the body ends before
     * @throws IOException where the client breaks off
     */
    byte[] body(int maxBytes) throws IOException;
}
