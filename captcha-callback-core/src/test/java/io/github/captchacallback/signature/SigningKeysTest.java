package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.captchacallback.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

    private static final String TEXT = "correct-horse-battery-staple-2026-november";
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

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
    void signedWhenKeyIsUnknownThenFalseEvenForAMacOfAnother() {
        String mac = keys.active().sign(MESSAGE);
        assertThat(keys.signed("2026-11", MESSAGE, mac)).isTrue();
        assertThat(keys.signed("2026-12", MESSAGE, mac)).isFalse();
        assertThat(keys.signed("", MESSAGE, mac)).isFalse();
    }

    @Test
    void signerWhenNoKeySignedThenNull() {
        assertThat(keys.signer(MESSAGE, keys.active().sign(MESSAGE))).isEqualTo("2026-11");
        assertThat(keys.signer(MESSAGE, "0".repeat(64))).isNull();
    }

    @Test
    void toStringThenShowsIdsAlone() {
        String mac = keys.active().sign(MESSAGE);
        CallbackToken token = CallbackToken.sign(keys.active(), "3q2-7wAAECAwQFBgcICQoL", 1_793_000_000L, "audience");
        assertThat(keys).hasToString("SigningKeys[2026-11], active 2026-11");
        assertThat(keys.active()).hasToString("SigningKey[2026-11]");
        assertThat(token.toString()).contains("3q2-7wAAECAwQFBgcICQoL").doesNotContain(token.mac());
        assertThat(new SignatureScheme.UrlValues(token.text(), null).toString()).doesNotContain("v1");
        assertThat(new ReferenceScheme(keys, "audience").toString())
                .doesNotContain(TEXT)
                .doesNotContain(mac);
        assertThat(new TaskIdScheme(keys, true).toString()).doesNotContain(TEXT).doesNotContain(mac);
    }
}
