package io.github.captchacallback.benchmarks;

import io.github.captchacallback.http.CallbackRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the callback path over HTTPS by {@code GET}, as a CAPTCHA service does. */
public record QueryRequest(String remoteAddress, String query) implements CallbackRequest {

    private static final byte[] NO_BODY = {};

    @Override
    public String method() {
        return "GET";
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
    public String path() {
        return "/captcha/callback";
    }

    @Override
    public @Nullable String contentType() {
        return null;
    }

    @Override
    public byte[] body(int maxBytes) {
        return NO_BODY;
    }
}
