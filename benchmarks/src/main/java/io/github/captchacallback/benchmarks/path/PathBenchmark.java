package io.github.captchacallback.benchmarks.path;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.benchmarks.Baseline;
import io.github.captchacallback.http.CallbackRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the question whether a request is for the endpoint, beside a comparison that any spelling would bypass. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PathBenchmark {

    private static final String GUARDED = "/captcha/callback";

    @Param({
        "/",
        "/orders/1234567/items",
        "/static/app.0c3f.css",
        "/captcha/callback",
        "/captcha/callbacks",
        "/search/foo%20bar",
        "/orders;jsessionid=1A2B3C4D/1234567/items",
        "/%D0%BF%D1%80%D0%BE%D1%84%D0%B8%D0%BB%D1%8C",
    })
    public String path = "/";

    private final CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
            .publicUrl("https://callbacks.example" + GUARDED)
            .signingKey("k1", "a benchmark's secret, long enough for HMAC-SHA-256")
            .build();

    private CallbackRequest request = new PathRequest("/");

    /** Prepares the request, as an adapter does. */
    @Setup
    public void prepare() {
        request = new PathRequest(path);
    }

    @TearDown
    public void close() {
        callbacks.close();
    }

    @Benchmark
    public boolean covers() {
        return callbacks.covers(request);
    }

    @Benchmark
    @Baseline
    public boolean equalsAlone() {
        return request.path().equals(GUARDED);
    }

    /** Asks for a path and has nothing else. */
    private record PathRequest(String path) implements CallbackRequest {

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public boolean secure() {
            return true;
        }

        @Override
        public @Nullable String remoteAddress() {
            return null;
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public @Nullable String query() {
            return null;
        }

        @Override
        public @Nullable String contentType() {
            return null;
        }

        @Override
        public byte[] body(int maxBytes) {
            return new byte[0];
        }
    }
}
