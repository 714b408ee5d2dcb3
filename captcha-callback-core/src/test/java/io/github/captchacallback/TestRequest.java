package io.github.captchacallback;

import io.github.captchacallback.http.CallbackRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A request as a test writes it: by HTTPS from 198.51.100.7, unless it says otherwise. Setters change this object and
 * return it; once it is not changed any more, several threads may have it judged.
 */
public final class TestRequest implements CallbackRequest {

    /** The type of a form body, without parameters. */
    public static final String FORM = "application/x-www-form-urlencoded";

    private String method;
    private boolean secure = true;
    private @Nullable String remoteAddress = "198.51.100.7";
    private final Map<String, List<String>> headers = new TreeMap<>();
    private String path;
    private @Nullable String mappedPath;
    private @Nullable String query;
    private @Nullable String contentType;
    private boolean contentTypeFails;
    private byte[] body = {};
    private @Nullable IOException bodyFailure;
    private Runnable whileBodyIsRead = () -> {};
    private final AtomicInteger bodyReads = new AtomicInteger();
    private final AtomicInteger mostBytesAskedFor = new AtomicInteger();

    private TestRequest(String method, String url) {
        this.method = method;
        String target = url.replaceFirst("^https?://[^/]*", "");
        int mark = target.indexOf('?');
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = mark < 0 ? null : target.substring(mark + 1);
    }

    /** Returns a request for a callback URL, absolute or from its path on, with the query that it may have. */
    public static TestRequest of(String method, String url) {
        return new TestRequest(method, url);
    }

    public static TestRequest get(String url) {
        return of("GET", url);
    }

    /** Returns a request whose form body is still empty. */
    public static TestRequest post(String url) {
        return of("POST", url).contentType(FORM);
    }

    public TestRequest method(String sent) {
        this.method = sent;
        return this;
    }

    public TestRequest secure(boolean https) {
        this.secure = https;
        return this;
    }

    public TestRequest remoteAddress(@Nullable String peer) {
        this.remoteAddress = peer;
        return this;
    }

    /** Adds an occurrence of a header. */
    public TestRequest header(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), added -> new ArrayList<>())
                .add(value);
        return this;
    }

    public TestRequest path(String raw) {
        this.path = raw;
        return this;
    }

    /** Sets the path that the container has mapped, if that is not the one that was sent. */
    public TestRequest mappedPath(String decoded) {
        this.mappedPath = decoded;
        return this;
    }

    public TestRequest query(@Nullable String raw) {
        this.query = raw;
        return this;
    }

    /** Adds a parameter to the query, encoded. */
    public TestRequest param(String name, String value) {
        return rawParam(encode(name) + "=" + encode(value));
    }

    /** Adds something to the query as it stands. */
    public TestRequest rawParam(String pair) {
        query = query == null || query.isEmpty() ? pair : query + "&" + pair;
        return this;
    }

    /** Adds a parameter to the body, encoded. */
    public TestRequest form(String name, String value) {
        return rawForm(encode(name) + "=" + encode(value));
    }

    /** Adds something to the body as it stands. */
    public TestRequest rawForm(String pair) {
        String before = new String(body, StandardCharsets.ISO_8859_1);
        return body(before.isEmpty() ? pair : before + "&" + pair);
    }

    /** Sets the body, its bytes held one a character. */
    public TestRequest body(String latin1) {
        this.body = latin1.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    public TestRequest contentType(@Nullable String type) {
        this.contentType = type;
        return this;
    }

    /** Lets something happen while the body is read, such as the time that it takes. */
    public TestRequest whileBodyIsRead(Runnable event) {
        this.whileBodyIsRead = event;
        return this;
    }

    /** Has the adapter throw when it is asked for the type, as some containers do for a charset that they do not support. */
    public TestRequest contentTypeFails() {
        this.contentTypeFails = true;
        return this;
    }

    /** Lets the client break off while the body is read. */
    public TestRequest bodyFails() {
        this.bodyFailure = new IOException("the client broke off");
        return this;
    }

    /** Returns how often the body was read. */
    public int bodyReads() {
        return bodyReads.get();
    }

    /** Returns the most bytes of the body that were asked for at once. */
    public int mostBytesAskedFor() {
        return mostBytesAskedFor.get();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public boolean secure() {
        return secure;
    }

    @Override
    public @Nullable String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public List<String> headers(String name) {
        return List.copyOf(headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String mappedPath() {
        return mappedPath == null ? path : mappedPath;
    }

    @Override
    public @Nullable String query() {
        return query;
    }

    @Override
    public @Nullable String contentType() {
        if (contentTypeFails) {
            throw new IllegalArgumentException("the charset is not supported");
        }
        return contentType;
    }

    @Override
    public byte[] body(int maxBytes) throws IOException {
        bodyReads.incrementAndGet();
        mostBytesAskedFor.accumulateAndGet(maxBytes, Math::max);
        whileBodyIsRead.run();
        if (bodyFailure != null) {
            throw bodyFailure;
        }
        return Arrays.copyOf(body, Math.min(maxBytes, body.length));
    }
}
