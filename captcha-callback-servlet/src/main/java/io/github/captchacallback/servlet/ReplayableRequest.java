package io.github.captchacallback.servlet;

import io.github.captchacallback.http.FormParameters;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives the application the body that verification has read, and the parameters as verification has understood them: were
 * a container asked again, it could understand them differently.
 */
final class ReplayableRequest extends HttpServletRequestWrapper {

    private final @Nullable String query;
    private final Map<String, String[]> verified;
    private final ServletInputStream stream;
    private @Nullable BufferedReader reader;
    private final ClaimEnding ending;

    ReplayableRequest(HttpServletRequest request, FormParameters verified, byte[] body, ClaimEnding ending) {
        super(request);
        this.stream = new BytesInputStream(body);
        this.query = ServletCallbackRequest.query(request);
        this.verified = byName(verified);
        this.ending = ending;
    }

    private static Map<String, String[]> byName(FormParameters sent) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (FormParameters.Parameter parameter : sent.all()) {
            if (parameter.name() != null && parameter.value() != null) {
                found.computeIfAbsent(parameter.name(), first -> new ArrayList<>())
                        .add(parameter.value());
            }
        }
        Map<String, String[]> parameters = new LinkedHashMap<>();
        found.forEach((name, values) -> parameters.put(name, values.toArray(String[]::new)));
        return parameters;
    }

    private static String[] concatenated(String[] first, String[] second) {
        return Stream.of(first, second).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Where the application dispatches with parameters, some containers add them below this request; they come first. */
    private Map<String, String[]> parameters() {
        String current = ServletCallbackRequest.query((HttpServletRequest) getRequest());
        if (current == null || current.equals(query)) {
            return verified;
        }
        Map<String, String[]> parameters = byName(FormParameters.ofQuery(current));
        verified.forEach((name, values) -> parameters.merge(name, values, ReplayableRequest::concatenated));
        return parameters;
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = parameters().get(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] values = parameters().get(name);
        return values == null ? null : values.clone();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters().keySet());
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Collections.unmodifiableMap(parameters());
    }

    @Override
    public ServletInputStream getInputStream() {
        return stream;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (reader == null) {
            reader = new BufferedReader(new InputStreamReader(stream, charset()));
        }
        return reader;
    }

    /** Takes this request along, since a dispatch with the container's own would find the body read. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, ending.response());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        if (!isAsyncSupported()) {
            // Jetty refuses the method without parameters alone; the answer would then wait for the timeout.
            throw new IllegalStateException(
                    "This request cannot go asynchronous: set async-supported on the servlet and on every filter");
        }
        AsyncContext context = super.startAsync(request, response);
        ending.listenTo(context);
        return context;
    }

    private Charset charset() throws UnsupportedEncodingException {
        String name = getCharacterEncoding();
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UnsupportedEncodingException(name);
        }
    }
}
