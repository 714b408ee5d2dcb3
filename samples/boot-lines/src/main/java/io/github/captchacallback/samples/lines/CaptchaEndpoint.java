package io.github.captchacallback.samples.lines;

import io.github.captchacallback.Callback;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;

/**
 * Answers a callback with its code, as it finds that among the request's parameters. Of a code such as
 * {@code first:answer:503} it does what that says instead when the callback comes for the first time.
 */
@RestController
class CaptchaEndpoint {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    /** Long enough for Jetty 12.0, which forgets a request whose time runs out before its thread has let go of it. */
    private static final long TIMEOUT_MILLIS = 200;

    private final Seen seen;

    CaptchaEndpoint(Seen seen) {
        this.seen = seen;
    }

    @RequestMapping("/captcha/callback")
    Object callback(
            @AuthenticationPrincipal Callback callback, @RequestParam("code") String code, HttpServletResponse response)
            throws IOException {
        boolean first = seen.arrive(callback);
        if (!first || !code.startsWith("first:")) {
            return ResponseEntity.ok().contentType(TEXT).body(code);
        }
        String[] order = code.split(":", -1);
        return switch (order[1]) {
            case "answer" -> ResponseEntity.status(status(order)).build();
            case "answer-later" -> later(status(order));
            case "answer-never" -> new DeferredResult<>(TIMEOUT_MILLIS);
            case "send-error" -> throw new ResponseStatusException(status(order));
            case "throw" -> throw new IllegalStateException("on purpose");
            case "throw-while-answering" -> {
                response.flushBuffer();
                throw new IllegalStateException("on purpose");
            }
            default -> throw new IllegalArgumentException(code);
        };
    }

    private static HttpStatusCode status(String[] order) {
        return HttpStatusCode.valueOf(Integer.parseInt(order[2]));
    }

    private static DeferredResult<ResponseEntity<Void>> later(HttpStatusCode status) {
        DeferredResult<ResponseEntity<Void>> result = new DeferredResult<>();
        new Thread(() -> result.setResult(ResponseEntity.status(status).build())).start();
        return result;
    }
}
