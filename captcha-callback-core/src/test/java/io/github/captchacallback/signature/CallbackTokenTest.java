package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.Secret;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CallbackTokenTest {

    private static final String AUDIENCE = "audience";
    private static final String REFERENCE = "3q2-7wAAECAwQFBgcICQoL";

    private final SigningKeys keys = new SigningKeys(
            Map.of("2026-11", Secret.parse("correct-horse-battery-staple-2026-november", name -> null)), "2026-11");
    private final String token = CallbackToken.sign(keys.active(), REFERENCE, 1_793_000_000L, AUDIENCE);

    @Test
    void parseThenTheFieldsAndTheirSigner() {
        CallbackToken parsed = Objects.requireNonNull(CallbackToken.parse(token));
        assertThat(parsed.keyId()).isEqualTo("2026-11");
        assertThat(parsed.reference()).isEqualTo(REFERENCE);
        assertThat(parsed.issuedAt()).isEqualTo(1_793_000_000L);
        assertThat(parsed.signer(keys, AUDIENCE)).isEqualTo("2026-11");
    }

    @Test
    void parseWhenTheTextIsShorterOrLongerThanTheTokenThenNull() {
        String text = token + token;
        for (int end = 0; end <= text.length(); end++) {
            assertThat(CallbackToken.parse(text.substring(0, end)) != null)
                    .as("up to %d", end)
                    .isEqualTo(end == token.length());
        }
        for (int start = 1; start < token.length(); start++) {
            assertThat(CallbackToken.parse(token.substring(start)))
                    .as("from %d", start)
                    .isNull();
        }
        assertThat(CallbackToken.parse(token + ".")).isNull();
    }
}
