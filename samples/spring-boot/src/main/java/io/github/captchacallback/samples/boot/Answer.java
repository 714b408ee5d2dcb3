package io.github.captchacallback.samples.boot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.captchacallback.Refusal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the endpoint answered to one request of an attack.
 *
 * @param sent what was sent, in words
 * @param status the status code; 0 where the request could not be sent
 * @param check the check that refused it, in words; null where it was accepted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Answer(
        String sent, int status, String body, @Nullable String check) {

    static Answer of(String sent, int status, String body) {
        String check = Arrays.stream(Refusal.values())
                .filter(refusal -> body.equals("{\"error\":\"" + refusal.error() + "\"}"))
                .map(Refusal::reason)
                .findFirst()
                .orElse(null);
        return new Answer(sent, status, body, check);
    }

    static Answer notSent(String sent, String reason) {
        return new Answer(sent, 0, reason, null);
    }
}
