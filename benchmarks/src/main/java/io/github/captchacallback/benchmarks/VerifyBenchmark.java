package io.github.captchacallback.benchmarks;

import io.github.captchacallback.CallbackRequest;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures a whole verification, store aside, against a reused {@link Mac} over the same message: the usual floor. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {

    private static final String SECRET = "correct-horse-battery-staple-2026-november";
    private static final String AUDIENCE = "https://your-server.com/captcha/callback";
    private static final Instant NOW = Instant.ofEpochSecond(1_793_000_000);

    private final CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
            .publicUrl(AUDIENCE)
            .signingKey("2026-11", SECRET)
            .set("pending.enabled", "false")
            .set("replay.enabled", "false")
            .clock(InstantSource.fixed(NOW))
            .build();

    private final Mac mac =
            HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, SECRET.getBytes(StandardCharsets.UTF_8));
    private final byte[] message;
    private final Request genuine;
    private final Request forged;

    /** Prepares a genuine request, one with another signature, and the message that both sign. */
    public VerifyBenchmark() {
        IssuedCallback issued = callbacks.issue();
        String query = URI.create(issued.url()).getQuery() + "&id=70123456789&code=" + "03AGdBq25".repeat(50);
        genuine = new Request(query);
        forged = new Request(query.replaceFirst("[0-9a-f]{64}", "0".repeat(64)));
        message = ("v1\n2026-11\n" + issued.reference() + "\n" + NOW.getEpochSecond() + "\n" + AUDIENCE)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public Verdict genuine() {
        return callbacks.verify(genuine);
    }

    @Benchmark
    public Verdict forged() {
        return callbacks.verify(forged);
    }

    @Benchmark
    public byte[] reusedMac() {
        return mac.doFinal(message);
    }

    private record Request(String query) implements CallbackRequest {

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public boolean secure() {
            return true;
        }

        @Override
        public String remoteAddress() {
            return "138.201.1.1";
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
            return new byte[0];
        }
    }
}
