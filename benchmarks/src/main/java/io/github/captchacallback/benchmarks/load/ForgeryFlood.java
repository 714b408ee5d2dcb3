package io.github.captchacallback.benchmarks.load;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** Lets ten million forged requests come in, through every check and with all that is on by default. */
public final class ForgeryFlood {

    private static final int REQUESTS = 10_000_000;
    private static final int WARM_UP = 100_000;
    private static final int DEFAULT_CAPACITY = 1_000_000;

    private ForgeryFlood() {}

    /** Measures and prints; says whether the heap grew by no more than 1 MB and none was accepted. */
    public static boolean measure() {
        CaffeineCallbackStore store = new CaffeineCallbackStore(InstantSource.system(), DEFAULT_CAPACITY);
        try (CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                .store(store)
                .build()) {
            Forgeries forgeries = new Forgeries(callbacks);
            Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
            send(callbacks, forgeries, WARM_UP, refusals);
            refusals.clear();

            long before = Heap.retainedBytes();
            System.out.printf("Heap before: %,.3f MB, %s%n", before / (double) Heap.MEGABYTE, store);
            long started = System.nanoTime();
            send(callbacks, forgeries, REQUESTS, refusals);
            Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
            long after = Heap.retainedBytes();
            System.out.printf("Heap after:  %,.3f MB, %s%n", after / (double) Heap.MEGABYTE, store);
            System.out.printf(
                    "%,d forged requests in %,d ms, making them included; refused as %s%n",
                    REQUESTS, elapsed.toMillis(), refusals);
            return after - before <= Heap.MEGABYTE;
        }
    }

    private static void send(
            CaptchaCallbacks callbacks, Forgeries forgeries, int requests, Map<Refusal, Integer> refusals) {
        for (int i = 0; i < requests; i++) {
            Verdict verdict = callbacks.verify(forgeries.next(i));
            if (!(verdict instanceof Verdict.Refused refused)) {
                throw new IllegalStateException("A forged request was accepted");
            }
            refusals.merge(refused.refusal(), 1, Integer::sum);
        }
    }
}
