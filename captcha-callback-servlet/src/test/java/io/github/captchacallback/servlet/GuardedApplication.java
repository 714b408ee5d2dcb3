package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Is an application under {@link HttpContract}, wherever it runs: what is asked and sent from outside, and what it knows of that.
 * It has {@link #SETTINGS}, as one in production would have.
 *
 * <p>Its endpoint answers with the code, as it reads that from the request's parameters. Of a code that begins with
 * {@code first:} it does what follows instead when a reference comes for the first time: {@code answer:503},
 * {@code answer-later:503} for an asynchronous one, {@code answer-never:} for one whose time runs out, {@code send-error:503},
 * {@code throw:}, and {@code throw-while-answering:}.
 */
public interface GuardedApplication {

    /** The key that it signs with, which is named {@code k1}. */
    String SECRET = Webapp.SECRET;

    /** What it is reached by, from a service's point of view. */
    String PUBLIC_URL = "https://callbacks.example" + Webapp.PATH;

    /** Its settings by their short names; nothing gets in but from the service, by HTTPS, through the proxy. */
    Map<String, String> SETTINGS = Map.of(
            "require-https", "true",
            "source.allow", "138.201.0.0/16",
            "source.trusted-proxies", "127.0.0.1");

    /**
     * Holds what its endpoint was given.
     *
     * @param taskId the callback's task id
     * @param code the callback's code
     */
    record Arrival(String taskId, String code) {}

    /** Returns the port, on 127.0.0.1 and by plain HTTP. */
    int port();

    /** Returns the target of a fresh callback URL, up to its token. */
    String issue();

    /** Returns the target of a callback URL that was issued that long ago. */
    String issuedBefore(Duration age);

    /** Has the application learn a submission's task id. */
    void bind(String reference, String taskId);

    /** Has the application give a submission up. */
    void abandon(String reference);

    /** Returns what has reached its endpoint with this reference. */
    List<Arrival> arrivals(String reference);

    /** Returns what its events tell of claims of this reference, in their order: {@code Accepted}, {@code Settled}, {@code Released}. */
    List<String> claims(String reference);

    /** Sends a call as the service does, which the proxy forwards. */
    default Answer send(Call call) {
        return withoutSession(forward(call));
    }

    /** Sends a call as the service does, though somebody else may answer it than who guards the callbacks. */
    default Answer forward(Call call) {
        return call.header("X-Forwarded-For", "138.201.1.1")
                .header("X-Forwarded-Proto", "https")
                .send(port(), false);
    }

    /** Sends a call as it is. */
    default Answer sendAsItIs(Call call) {
        return withoutSession(call.send(port(), false));
    }

    private static Answer withoutSession(Answer answer) {
        assertThat(answer.headers()).as("no session is made").doesNotContainKey("Set-Cookie");
        return answer;
    }

    default Answer get(String target) {
        return send(Call.get(target));
    }

    /** Asserts that the genuine callback is let through, and reaches the endpoint. */
    default void assertAccepts(String issued) {
        int before = arrivals(Webapp.reference(issued)).size();
        assertThat(get(Webapp.genuine(issued)).status()).isEqualTo(200);
        assertThat(arrivals(Webapp.reference(issued))).hasSize(before + 1);
    }

    /** Asserts that what was sent has reached nobody and claimed nothing, and that the genuine callback still gets through. */
    default void assertLeftNothing(String issued) {
        assertThat(arrivals(Webapp.reference(issued))).isEmpty();
        assertThat(claims(Webapp.reference(issued))).isEmpty();
        assertAccepts(issued);
    }

    /** Waits until the claims of what was issued have come to this: an answer may be there before its claim has ended. */
    default void awaitClaims(String issued, String... expected) {
        Instant deadline = Instant.now().plusSeconds(30);
        List<String> claims = claims(Webapp.reference(issued));
        while (!claims.equals(List.of(expected)) && Instant.now().isBefore(deadline)) {
            Thread.onSpinWait();
            claims = claims(Webapp.reference(issued));
        }
        assertThat(claims).containsExactly(expected);
    }
}
