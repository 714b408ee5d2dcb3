package io.github.captchacallback.samples.simulator;

import java.net.URI;

/**
 * Records one pingback that has ended.
 *
 * <p><em>Security notes:</em> the URL carries the token of the callback, and with {@code GET} the code as well, and the
 * answer may repeat them. So {@link #toString()} names the host and the status alone, and is fit for a log.
 *
 * @param taskId what {@code in.php} answered
 * @param method {@code GET} or {@code POST}
 * @param url the URL that was called, in full
 * @param status the HTTP status of the answer, or 0 where none came
 * @param body the text of the answer, its first 4,096 bytes, or why none came
 */
public record Delivery(String taskId, String method, URI url, int status, String body) {

    /**
     * Tells whether the called host answered at all.
     *
     * @return false if it could not be reached, or took too long
     */
    public boolean answered() {
        return status != 0;
    }

    /**
     * Describes the delivery without anything secret.
     *
     * @return one line, fit for a log
     */
    @Override
    public String toString() {
        return "task " + taskId + ": " + method + " to " + url.getScheme() + "://" + url.getAuthority()
                + (answered() ? " answered with " + status : " not answered, " + body);
    }
}
