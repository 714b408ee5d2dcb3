package io.github.captchacallback.samples.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Attacks the console's own endpoint, over real HTTP, as somebody would who has learnt its URL, or a whole genuine callback.
 */
@Component
class Attacker {

    private static final int DUPLICATES = 50;
    private static final String CODE = "03AGdBq25-an-answer-of-the-attacker";

    /** Another address of this machine, which the demo's allowlist leaves out. */
    private static final int FOREIGN_HOST = 66;

    private final CaptchaCallbacks callbacks;
    private final LoopbackClient client;

    Attacker(CaptchaCallbacks callbacks, LoopbackClient client) {
        this.callbacks = callbacks;
        this.client = client;
    }

    List<Answer> carryOut(Attack attack) {
        return switch (attack) {
            case FORGED -> forged();
            case REPLAY -> replay();
            case EXPIRED -> expired();
            case FOREIGN_TASK -> foreignTask();
            case DUPLICATES -> duplicates();
            case SPOOFED_ADDRESS -> spoofedAddress();
        };
    }

    private List<Answer> forged() {
        Genuine genuine = genuine(callbacks);
        // The MAC stands last, whatever the style of the URL: another last digit is another signature.
        String url = genuine.url();
        int last = url.matches(".*[?&]ts=[0-9]+") ? url.lastIndexOf("&ts=") - 1 : url.length() - 1;
        char other = url.charAt(last) == '0' ? '1' : '0';
        String forged = url.substring(0, last) + other + url.substring(last + 1);
        return List.of(client.get("a URL whose signature was changed by one digit", forged, genuine.taskId(), CODE));
    }

    private List<Answer> replay() {
        Genuine genuine = genuine(callbacks);
        return List.of(
                client.get("the genuine callback", genuine.url(), genuine.taskId(), CODE),
                client.get("the same callback again", genuine.url(), genuine.taskId(), CODE));
    }

    private List<Answer> expired() {
        Duration age = callbacks.settings().freshness().ttl().plusMinutes(1);
        Genuine old = genuine(callbacks.withClock(InstantSource.offset(InstantSource.system(), age.negated())));
        return List.of(client.get("a genuine URL, " + age.toSeconds() + " seconds old", old.url(), old.taskId(), CODE));
    }

    private List<Answer> foreignTask() {
        Genuine genuine = genuine(callbacks);
        return List.of(client.get("a genuine URL with another task's id", genuine.url(), newTaskId(), CODE));
    }

    private List<Answer> duplicates() {
        Genuine genuine = genuine(callbacks);
        Callable<Answer> request =
                () -> client.get("one of " + DUPLICATES + " duplicates", genuine.url(), genuine.taskId(), CODE);
        ExecutorService threads = Executors.newFixedThreadPool(DUPLICATES);
        try {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(
                    Stream.generate(() -> request).limit(DUPLICATES).toList())) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Answer> spoofedAddress() {
        Genuine genuine = genuine(callbacks);
        return List.of(client.from(
                FOREIGN_HOST,
                "a genuine callback from 127.0.0." + FOREIGN_HOST + ", with 'X-Forwarded-For: 127.0.0.1'",
                genuine.url(),
                genuine.taskId(),
                CODE,
                Map.of("X-Forwarded-For", "127.0.0.1", "X-Forwarded-Proto", "https")));
    }

    /** A callback that is expected, and that the service has not sent yet. */
    private record Genuine(String url, String taskId) {}

    private Genuine genuine(CaptchaCallbacks issuer) {
        String taskId = newTaskId();
        SignatureSettings signature = issuer.settings().signature();
        if (!signature.enabled() || signature.scheme() != Scheme.REFERENCE) {
            return new Genuine(issuer.issueFor(taskId).url(), taskId);
        }
        IssuedCallback issued = issuer.issue();
        if (issuer == callbacks) {
            issuer.bind(issued.reference(), taskId);
        }
        return new Genuine(issued.url(), taskId);
    }

    private static String newTaskId() {
        return Long.toString(ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L));
    }
}
