package io.github.captchacallback.servlet;

import io.github.captchacallback.CallbackRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows a servlet request to the core, as it came in. */
final class ServletCallbackRequest implements CallbackRequest {

    private final HttpServletRequest request;
    private byte[] body = new byte[0];

    ServletCallbackRequest(HttpServletRequest request) {
        this.request = request;
    }

    /**
     * Returns the request for the application behind, which can read its parameters and its body as if nobody had.
     *
     * @param ending is told when the request goes asynchronous
     */
    HttpServletRequest replayable(ClaimEnding ending) {
        return new ReplayableRequest(request, query(), body, ending);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public boolean secure() {
        return request.isSecure();
    }

    @Override
    public @Nullable String remoteAddress() {
        return request.getRemoteAddr();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public String path() {
        return String.valueOf(
                isInclude() ? request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) : request.getRequestURI());
    }

    @Override
    public @Nullable String query() {
        return isInclude()
                ? (String) request.getAttribute(RequestDispatcher.INCLUDE_QUERY_STRING)
                : request.getQueryString();
    }

    /** An included request keeps the path of the one that includes it; its own stands in attributes. */
    private boolean isInclude() {
        // Spring Security asks about requests that nobody has sent, which have attributes, but no dispatcher type.
        return request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) != null
                && request.getDispatcherType() == DispatcherType.INCLUDE;
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
