package io.github.captchacallback.servlet;

import io.github.captchacallback.CallbackRequest;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.FormParameters;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows a servlet request to the core, as it came in: a filter ahead may have wrapped it in what the client says of itself,
 * as Spring's {@code ForwardedHeaderFilter} does with the leftmost address and with any prefix of the path.
 */
final class ServletCallbackRequest implements CallbackRequest {

    private final HttpServletRequest request;

    /** The container's own request. */
    private final HttpServletRequest sent;

    private final String path;
    private byte[] body = new byte[0];

    private ServletCallbackRequest(HttpServletRequest request, HttpServletRequest sent, String path) {
        this.request = request;
        this.sent = sent;
        this.path = path;
    }

    /** Reads the path as it was sent, and as the application behind sees it where that one alone is covered. */
    static ServletCallbackRequest of(HttpServletRequest request, CaptchaCallbacks callbacks) {
        HttpServletRequest sent = unwrapped(request);
        String seenPath = path(request);
        String sentPath = sentPath(request, sent, seenPath);
        ServletCallbackRequest asSent = new ServletCallbackRequest(request, sent, sentPath);
        boolean same = sentPath.equals(seenPath);
        return same || callbacks.covers(asSent) ? asSent : new ServletCallbackRequest(request, sent, seenPath);
    }

    private static HttpServletRequest unwrapped(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof HttpServletRequest http ? http : request;
    }

    /** Returns the path that a client has sent; inside the server, where nobody has, that which is seen. */
    private static String sentPath(HttpServletRequest request, HttpServletRequest sent, String seenPath) {
        try {
            return request.getDispatcherType() == DispatcherType.REQUEST ? path(sent) : seenPath;
        } catch (UnsupportedOperationException e) {
            // Spring Security asks about requests that it has made up.
            return seenPath;
        }
    }

    /** An included request keeps the path of the one that includes it; its own stands in attributes. */
    private static String path(HttpServletRequest request) {
        return String.valueOf(
                isInclude(request)
                        ? request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)
                        : request.getRequestURI());
    }

    private static boolean isInclude(HttpServletRequest request) {
        // The requests that Spring Security makes up have attributes, but no dispatcher type.
        return request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) != null
                && request.getDispatcherType() == DispatcherType.INCLUDE;
    }

    /**
     * Returns the request for the application behind, which can read its parameters and its body as if nobody had.
     *
     * @param parameters what verification has read
     * @param ending is told when the request goes asynchronous
     */
    HttpServletRequest replayable(FormParameters parameters, ClaimEnding ending) {
        return new ReplayableRequest(request, parameters, body, ending);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public boolean secure() {
        return sent.isSecure();
    }

    @Override
    public @Nullable String remoteAddress() {
        return sent.getRemoteAddr();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(sent.getHeaders(name));
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return query(request);
    }

    static @Nullable String query(HttpServletRequest request) {
        return isInclude(request)
                ? (String) request.getAttribute(RequestDispatcher.INCLUDE_QUERY_STRING)
                : request.getQueryString();
    }

    @Override
    public @Nullable String contentType() {
        return request.getContentType();
    }

    @Override
    public byte[] body(int maxBytes) throws IOException {
        try {
            body = request.getInputStream().readNBytes(maxBytes);
            return body;
        } catch (RuntimeException e) {
            // Containers report a broken body in exceptions of their own, too.
            throw new IOException(e);
        }
    }
}
