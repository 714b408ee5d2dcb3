package io.github.captchacallback.benchmarks.verify;

import com.linecorp.bot.parser.LineSignatureValidator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Verifies as LINE does: HMAC-SHA-256 over the body. */
public class LinePeer extends Peer<String> {

    private final LineSignatureValidator validator = validator(WholeVerification.SECRET);

    @Override
    String sign(String secret, Payload payload) {
        return Base64.getEncoder().encodeToString(validator(secret).generateSignature(payload.bytes()));
    }

    @Override
    boolean accepts(Payload payload, String signature) {
        return validator.validateSignature(payload.bytes(), signature);
    }

    private static LineSignatureValidator validator(String secret) {
        return new LineSignatureValidator(secret.getBytes(StandardCharsets.UTF_8));
    }
}
