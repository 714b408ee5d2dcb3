package io.github.captchacallback.benchmarks.verify;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Verifies as Standard Webhooks does: HMAC-SHA-256 over id, time and body, and the age. */
public class StandardWebhooksPeer extends Peer<Map<String, List<String>>> {

    private static final String MESSAGE_ID = "msg_2b3n5m7q8r9s";

    private final Webhook webhook = webhook(WholeVerification.SECRET);

    @Override
    Map<String, List<String>> sign(String secret, Payload payload) throws Exception {
        long now = Instant.now().getEpochSecond();
        return Map.of(
                Webhook.UNBRANDED_MSG_ID_KEY, List.of(MESSAGE_ID),
                Webhook.UNBRANDED_MSG_TIMESTAMP_KEY, List.of(Long.toString(now)),
                Webhook.UNBRANDED_MSG_SIGNATURE_KEY, List.of(webhook(secret).sign(MESSAGE_ID, now, payload.json())));
    }

    @Override
    boolean accepts(Payload payload, Map<String, List<String>> signature) {
        try {
            webhook.verify(payload.json(), signature);
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    private static Webhook webhook(String secret) {
        try {
            return new Webhook(secret.getBytes(StandardCharsets.UTF_8));
        } catch (EmptyWebhookSecretException e) {
            throw new IllegalStateException(e);
        }
    }
}
