package io.github.captchacallback.benchmarks.verify;

import com.twilio.security.RequestValidator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies as Twilio does: HMAC-SHA-1 over the URL, with and without a port. */
public class TwilioPeer extends Peer<String> {

    private final RequestValidator validator = new RequestValidator(WholeVerification.SECRET);

    @Override
    String sign(String secret, Payload payload) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(payload.url().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    boolean accepts(Payload payload, String signature) {
        return validator.validate(payload.url(), Map.of(), signature);
    }
}
