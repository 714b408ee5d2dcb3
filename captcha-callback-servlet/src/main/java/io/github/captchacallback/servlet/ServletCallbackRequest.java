package io.github.captchacallback.servlet;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.FormParameters;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
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
    private final String mappedPath;
    private byte[] body = new byte[0];

    private ServletCallbackRequest(
            HttpServletRequest request, HttpServletRequest sent, String path, String mappedPath) {
        this.request = request;
        this.sent = sent;
        this.path = path;
        this.mappedPath = mappedPath;
    }

    /** Reads the path as it was sent, and as the application behind sees it where that one alone is covered. */
    static ServletCallbackRequest of(HttpServletRequest request, CaptchaCallbacks callbacks) {
        HttpServletRequest sent = unwrapped(request);
        // Inside the server nobody has sent the path, and only the dispatched request has it.
        HttpServletRequest addressed = isSent(request, sent) ? sent : request;
        String sentPath = path(addressed);
        ServletCallbackRequest asSent =
                new ServletCallbackRequest(request, sent, sentPath, mappedPath(addressed, sentPath));
        String seenPath = path(request);
        return sentPath.equals(seenPath) || callbacks.covers(asSent)
                ? asSent
                : new ServletCallbackRequest(request, sent, seenPath, mappedPath(request, seenPath));
    }

    private static HttpServletRequest unwrapped(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof HttpServletRequest http ? http : request;
    }

    private static boolean isSent(HttpServletRequest request, HttpServletRequest sent) {
        try {
            return request.getDispatcherType() == DispatcherType.REQUEST && sent.getRequestURI() != null;
        } catch (UnsupportedOperationException e) {
            // Spring Security asks about requests that it has made up. Inside its wrappers there is nothing.
            return false;
        }
    }

    /** An included request keeps the path of the one that includes it; its own stands in attributes. */
    private static String path(HttpServletRequest request) {
        return String.valueOf(
                isInclude(request)
                        ? request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)
                        : request.getRequestURI());
    }

    /** Returns what the container has mapped, or the path itself if that is the same. */
    private static String mappedPath(HttpServletRequest request, String path) {
        try {
            return isInclude(request)
                    ? joined(
                            path,
                            request.getAttribute(RequestDispatcher.INCLUDE_CONTEXT_PATH),
                            request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH),
                            request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO))
                    : joined(path, request.getContextPath(), request.getServletPath(), request.getPathInfo());
        } catch (RuntimeException e) {
            // Jetty throws for a path that it does not decode. Its own characters are still compared.
            return path;
        }
    }

    /** Joins the parts only if they differ from the path, because most requests are not for the endpoint. */
    private static String joined(
            String path, @Nullable Object context, @Nullable Object servlet, @Nullable Object info) {
        String contextPath = context == null ? "" : (String) context;
        String servletPath = servlet == null ? "" : (String) servlet;
        String pathInfo = info == null ? "" : (String) info;
        int servletEnd = contextPath.length() + servletPath.length();
        boolean same = path.length() == servletEnd + pathInfo.length()
                && path.startsWith(contextPath)
                && path.startsWith(servletPath, contextPath.length())
                && path.startsWith(pathInfo, servletEnd);
        return same ? path : contextPath + servletPath + pathInfo;
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
        Enumeration<String> values = sent.getHeaders(name);
        return values == null ? List.of() : Collections.list(values);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String mappedPath() {
        return mappedPath;
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

    /** Throws in Jetty if the type has a charset that Java does not have. Such a request is malformed. */
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
