package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.captchacallback.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

    private static final String TEXT = "correct-horse-battery-staple-2026-november";
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

    private static final String AUDIENCE = "audience";

    private static final Secret SECRET = Secret.parse(TEXT, name -> null);
    private final SigningKeys keys = new SigningKeys(Map.of("2026-11", SECRET), "2026-11");

    @Test
    void constructorWhenActiveKeyIsNotInTheRingThenThrowsWithoutSecrets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningKeys(Map.of("2026-11", SECRET), "2026-12"))
                .withMessageContaining("2026-12")
                .withMessageContaining("2026-11")
                .withMessageNotContaining(TEXT);
    }

    @Test
    void findWhenKeyIsUnknownThenADecoyThatSignsOtherwise() {
        Mac mac = keys.active().mac(MESSAGE);
        assertThat(keys.find("2026-11").mac(MESSAGE).matches(mac)).isTrue();
        SigningKey decoy = keys.find("2026-12");
        assertThat(keys.isDecoy(decoy)).isTrue();
        assertThat(decoy.mac(MESSAGE).matches(mac)).isFalse();
        assertThat(keys.isDecoy(keys.find(""))).isTrue();
    }

    @Test
    void tokenWhenSignedByTheDecoyThenStillNoKeyOfOurs() {
        SigningKey decoy = keys.find("2026-12");
        String signedPart = "v1.2026-12.3q2-7wAAECAwQFBgcICQoL.1793000000.";
        byte[] message = (signedPart.replace('.', '\n') + "audience").getBytes(StandardCharsets.US_ASCII);
        CallbackToken token =
                CallbackToken.parse(signedPart + decoy.mac(message).text());
        assertThat(token).isNotNull();
        assertThat(Objects.requireNonNull(token).signer(keys, AUDIENCE)).isNull();
    }

    @Test
    void signerWhenNoKeySignedThenNull() {
        assertThat(keys.signer(MESSAGE, keys.active().mac(MESSAGE))).isEqualTo("2026-11");
        assertThat(keys.signer(MESSAGE, new Mac(new byte[32]))).isNull();
    }

    @Test
    void toStringThenShowsIdsAlone() {
        String mac = keys.active().mac(MESSAGE).text();
        String text = CallbackToken.sign(keys.active(), "3q2-7wAAECAwQFBgcICQoL", 1_793_000_000L, AUDIENCE);
        CallbackToken token = Objects.requireNonNull(CallbackToken.parse(text));
        assertThat(keys).hasToString("SigningKeys[2026-11], active 2026-11");
        assertThat(keys.active()).hasToString("SigningKey[2026-11]");
        assertThat(token.toString())
                .contains("3q2-7wAAECAwQFBgcICQoL")
                .doesNotContain(text.substring(text.lastIndexOf('.') + 1));
        assertThat(keys.active().mac(MESSAGE)).hasToString("Mac[***]");
        assertThat(new SignatureScheme.UrlValues(text, null).toString()).doesNotContain("v1");
        assertThat(new TaskIdScheme(keys, true).toString()).doesNotContain(TEXT).doesNotContain(mac);
    }
}
