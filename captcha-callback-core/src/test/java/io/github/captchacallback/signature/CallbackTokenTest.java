package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallbackTokenTest {

    private static final byte[] AUDIENCE = "audience".getBytes(StandardCharsets.US_ASCII);
    private static final String REFERENCE = "3q2-7wAAECAwQFBgcICQoL";

    private final SigningKeys keys = new SigningKeys(
            Map.of("2026-11", Secret.parse("correct-horse-battery-staple-2026-november", name -> null)), "2026-11");
    private final String token = CallbackToken.sign(keys.active(), REFERENCE, 1_793_000_000L, AUDIENCE);

    @Test
    void parseWhenTheTokenIsAPartOfATextThenThatPartAlone() {
        String text = "token=" + token + "&id=1";
        CallbackToken parsed = Objects.requireNonNull(parse(text, 6, 6 + token.length()));
        assertThat(parsed.reference()).isEqualTo(REFERENCE);
        assertThat(parsed.issuedAt()).isEqualTo(1_793_000_000L);
        assertThat(parsed.signer(keys, AUDIENCE)).isEqualTo("2026-11");
    }

    @Test
    void parseWhenThePartIsShorterOrLongerThanTheTokenThenNull() {
        String text = token + token;
        for (int end = 0; end <= text.length(); end++) {
            assertThat(parse(text, 0, end) != null).as("up to %d", end).isEqualTo(end == token.length());
        }
        for (int start = 1; start < token.length(); start++) {
            assertThat(parse(text, start, token.length())).as("from %d", start).isNull();
        }
    }

    @Test
    void parseWhenAFieldReachesBehindThePartThenNull() {
        String cut = token.substring(0, token.length() - 64 - 12);
        assertThat(parse(cut + ".1793000000." + "0".repeat(64), 0, cut.length()))
                .isNull();
        assertThat(parse("v1.2026-11." + token, 0, 11)).isNull();
    }

    /** Its dots are line feeds then, since that is what was signed. */
    @Test
    void parseWhenTheTextWasReadBeforeThenNull() {
        TokenText text = TokenText.of(token);
        assertThat(CallbackToken.parse(text)).isNotNull();
        assertThat(CallbackToken.parse(text)).isNull();
    }

    private static @Nullable CallbackToken parse(String text, int from, int to) {
        return CallbackToken.parse(new TokenText(text, text.getBytes(StandardCharsets.ISO_8859_1), from, to));
    }
}
