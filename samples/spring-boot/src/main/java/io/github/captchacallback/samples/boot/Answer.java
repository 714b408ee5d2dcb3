package io.github.captchacallback.samples.boot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.captchacallback.http.Refusal;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the endpoint answered to one request of an attack.
 *
 * @param sent what was sent, in words
 * @param status the status code; 0 where the request could not be sent
 * @param check the check that refused it, in words; null where it was accepted or the endpoint does not tell
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Answer(
        String sent, int status, String body, @Nullable String check) {

    /**
     * Makes an answer of what was received.
     *
     * @param detailed whether the endpoint tells its refusals apart
     */
    static Answer of(String sent, int status, String body, boolean detailed) {
        Optional<String> check = Arrays.stream(Refusal.values())
                .filter(refusal -> body.equals("{\"error\":\"" + refusal.error() + "\"}"))
                .map(Refusal::reason)
                .findFirst();
        return new Answer(sent, status, body, detailed ? check.orElse(null) : null);
    }

    static Answer notSent(String sent, String reason) {
        return new Answer(sent, 0, reason, null);
    }
}
