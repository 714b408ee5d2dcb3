package io.github.captchacallback.benchmarks.verify;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;

/** Verifies as Stripe does: HMAC-SHA-256 over time and body, and the age. */
public class StripePeer extends Peer<String> {

    private static final long TOLERANCE_SECONDS = 300;

    @Override
    String sign(String secret, Payload payload) throws Exception {
        return Webhook.Signature.generateSignatureHeader(payload.json(), secret);
    }

    @Override
    boolean accepts(Payload payload, String signature) {
        try {
            return Webhook.Signature.verifyHeader(
                    payload.json(), signature, WholeVerification.SECRET, TOLERANCE_SECONDS);
        } catch (SignatureVerificationException e) {
            return false;
        }
    }
}
