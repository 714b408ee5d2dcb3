package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.captchacallback.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Has every vector of the protocol judged by the whole of {@link CaptchaCallbacks}, as its file says. */
class ProtocolVectorsTest {

    private static final JsonNode FILE = read();

    private static JsonNode read() {
        try (InputStream file = ProtocolVectorsTest.class.getResourceAsStream("vectors.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One vector; its name is what a failing test is called. */
    record Vector(
            String name, @Nullable String id, @Nullable String ts, String token, String outcome) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> referenceScheme() {
        return vectors("reference_scheme");
    }

    static Stream<Vector> taskIdScheme() {
        return vectors("task_id_scheme");
    }

    private static Stream<Vector> vectors(String scheme) {
        return StreamSupport.stream(FILE.get(scheme).spliterator(), false)
                .map(each -> new Vector(
                        each.get("name").asText(),
                        each.path("id").textValue(),
                        each.path("ts").textValue(),
                        each.get("token").asText(),
                        each.get("outcome").asText()));
    }

    private static CaptchaCallbacksBuilder builder() {
        CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder()
                .publicUrl(FILE.get("audience").asText())
                .activeKey(FILE.get("active_key").asText())
                .ttl(Duration.ofSeconds(FILE.get("ttl_seconds").asLong()))
                .set("freshness.clock-skew", FILE.get("clock_skew_seconds").asText() + "s")
                .clock(new MutableClock(Instant.ofEpochSecond(FILE.get("now").asLong())));
        FILE.get("keys")
                .forEach(key -> builder.signingKey(
                        key.get("id").asText(), key.get("secret").asText()));
        return builder;
    }

    private static void assertOutcome(Verdict verdict, String outcome) {
        switch (outcome) {
            case "valid" -> assertAccepted(verdict);
            case "expired" -> assertRefused(verdict, Refusal.EXPIRED);
            case "malformed" -> assertRefused(verdict, Refusal.MALFORMED);
            case "invalid signature" -> assertRefused(verdict, Refusal.INVALID_SIGNATURE);
            default -> throw new AssertionError("The file has an outcome that this test does not know: " + outcome);
        }
    }

    @ParameterizedTest
    @MethodSource("referenceScheme")
    void verifyWhenTokenIsInQueryThenAsTheVectorSays(Vector vector) {
        try (CaptchaCallbacks callbacks =
                builder().set("pending.enabled", "false").build()) {
            TestRequest request = TestRequest.get(Wire.PATH)
                    .param("token", vector.token())
                    .param("id", Wire.TASK_ID)
                    .param("code", Wire.CODE);
            assertOutcome(callbacks.verify(request), vector.outcome());
        }
    }

    @ParameterizedTest
    @MethodSource("referenceScheme")
    void verifyWhenTokenIsInPathThenAsTheVectorSays(Vector vector) {
        try (CaptchaCallbacks callbacks = builder()
                .set("pending.enabled", "false")
                .set("signature.url-style", "path")
                .build()) {
            TestRequest request = TestRequest.get(Wire.PATH)
                    .path(Wire.PATH + "/" + vector.token())
                    .param("id", Wire.TASK_ID)
                    .param("code", Wire.CODE);
            assertOutcome(callbacks.verify(request), vector.outcome());
        }
    }

    @ParameterizedTest
    @MethodSource("taskIdScheme")
    void verifyWhenTaskIdIsSignedThenAsTheVectorSays(Vector vector) {
        String ts = vector.ts();
        String id = Objects.requireNonNull(vector.id());
        try (CaptchaCallbacks callbacks = builder()
                .set("signature.scheme", "task-id")
                .set("freshness.enabled", Boolean.toString(ts != null))
                .build()) {
            callbacks.issueFor(id);
            TestRequest request = TestRequest.get(Wire.PATH)
                    .param("token", vector.token())
                    .param("id", id)
                    .param("code", Wire.CODE);
            if (ts != null) {
                request.param("ts", ts);
            }
            assertOutcome(callbacks.verify(request), vector.outcome());
        }
    }

    @Test
    void vectorsThenThereAreSomeOfEveryOutcome() {
        assertThat(referenceScheme().map(Vector::outcome))
                .contains("valid", "expired", "malformed", "invalid signature")
                .hasSizeGreaterThan(40);
        assertThat(taskIdScheme().map(Vector::outcome)).contains("valid", "expired", "malformed", "invalid signature");
    }
}
