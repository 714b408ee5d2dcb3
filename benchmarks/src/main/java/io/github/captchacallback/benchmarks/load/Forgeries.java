package io.github.captchacallback.benchmarks.load;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.benchmarks.QueryRequest;
import io.github.captchacallback.http.CallbackRequest;
import java.net.URI;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * Makes forged requests of several kinds, no two of them alike, so that whatever is kept of any would add up. What an
 * attacker can have seen is used, too: URLs that were genuine once.
 */
final class Forgeries {

    private static final String USED_TASK_ID = "70123456789";
    private static final int MAC_CHARACTERS = 64;
    private static final int KINDS = 7;

    private final SplittableRandom random = new SplittableRandom(42);
    private final String used;
    private final String expired;
    private final String abandoned;

    Forgeries(CaptchaCallbacks callbacks) {
        used = token(callbacks.issue());
        accept(callbacks, used);
        Instant longAgo =
                Instant.now().minus(callbacks.settings().freshness().ttl().multipliedBy(2));
        expired = token(callbacks.withClock(() -> longAgo).issue());
        IssuedCallback forgotten = callbacks.issue();
        callbacks.abandon(forgotten.reference());
        abandoned = token(forgotten);
    }

    private static String token(IssuedCallback issued) {
        return URI.create(issued.url()).getQuery();
    }

    private static void accept(CaptchaCallbacks callbacks, String token) {
        Verdict verdict =
                callbacks.verify(new QueryRequest("138.201.1.1", token + "&id=" + USED_TASK_ID + "&code=genuine"));
        if (!(verdict instanceof Verdict.Accepted accepted) || !accepted.claim().settle()) {
            throw new IllegalStateException("The one genuine callback was not accepted");
        }
    }

    CallbackRequest next(int index) {
        String answer = "&id=" + random.nextLong(Long.MAX_VALUE) + "&code=" + hex(MAC_CHARACTERS);
        String query =
                switch (index % KINDS) {
                    case 0 -> used.substring(0, used.length() - MAC_CHARACTERS) + hex(MAC_CHARACTERS) + answer;
                    case 1 ->
                        "token=v1.2026-11." + hex(22) + "." + Instant.now().getEpochSecond() + "." + hex(MAC_CHARACTERS)
                                + answer;
                    case 2 ->
                        "token=v1.key-" + hex(8) + "." + hex(22) + "."
                                + Instant.now().getEpochSecond() + "." + hex(MAC_CHARACTERS) + answer;
                    case 3 -> "token=" + hex(100) + "%zz" + answer;
                    case 4 -> used + "&id=" + USED_TASK_ID + "&code=" + hex(MAC_CHARACTERS);
                    case 5 -> expired + answer;
                    default -> abandoned + answer;
                };
        return new QueryRequest(address(), query);
    }

    private String address() {
        int bits = random.nextInt();
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private String hex(int characters) {
        StringBuilder text = new StringBuilder(characters);
        while (text.length() < characters) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }
}
