package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskIdSchemeTest {

    private final SigningKeys keys = new SigningKeys(
            Map.of("2026-11", Secret.parse("correct-horse-battery-staple-2026-november", name -> null)), "2026-11");

    /** Pitfall 1, held by the scheme itself, whatever was read of the request before. */
    @Test
    void readWhenTimestampIsMissingThenMalformedEvenUnderAGenuineMac() {
        String token =
                String.valueOf(new TaskIdScheme(keys, false).issue("1", 0).token());
        assertThat(new TaskIdScheme(keys, true).read(token, null, "1")).isNull();
    }

    @Test
    void readWhenSchemeIsNotTimedThenTimestampIsNotLookedAt() {
        TaskIdScheme untimed = new TaskIdScheme(keys, false);
        SignatureScheme.UrlValues values = untimed.issue("1", 1_793_000_000L);
        assertThat(values.timestamp()).isNull();
        assertThat(untimed.read(String.valueOf(values.token()), "nan", "1"))
                .isEqualTo(new Proof(true, "2026-11", "1", null));
    }

    @Test
    void readWhenTokenIsMissingThenMalformed() {
        assertThat(new TaskIdScheme(keys, false).read(null, null, "1")).isNull();
        assertThat(new ReferenceScheme(keys, "audience").read(null, null, "1")).isNull();
    }
}
