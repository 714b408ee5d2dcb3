package io.github.captchacallback.benchmarks.load;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.store.CaffeineCallbackStore;
import java.time.Instant;
import java.time.InstantSource;

/** Measures what a million issued references retain, each bound to its task's id, as while a million answers are due. */
public final class OutstandingReferences {

    private static final int REFERENCES = 1_000_000;
    private static final long FIRST_TASK_ID = 70_000_000_000L;
    private static final long MOST_MEGABYTES = 400;

    private OutstandingReferences() {}

    /** Measures and prints; says whether they take no more than 400 MB. */
    public static boolean measure() {
        // A clock that stands still lets none of them expire, however slow the machine.
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_793_000_000));
        CaffeineCallbackStore store = new CaffeineCallbackStore(clock, REFERENCES + 1);
        try (CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                .store(store)
                .clock(clock)
                .build()) {
            // One ahead loads what is needed for any.
            issue(callbacks, 0);
            long before = Heap.retainedBytes();
            for (int i = 1; i <= REFERENCES; i++) {
                issue(callbacks, i);
            }
            long retained = Heap.retainedBytes() - before;
            System.out.printf(
                    "%,d outstanding references retain %,.1f MB, %,.1f bytes each (%s)%n",
                    REFERENCES, retained / (double) Heap.MEGABYTE, retained / (double) REFERENCES, store);
            return retained <= MOST_MEGABYTES * Heap.MEGABYTE;
        }
    }

    private static void issue(CaptchaCallbacks callbacks, int index) {
        IssuedCallback issued = callbacks.issue();
        callbacks.bind(issued.reference(), Long.toString(FIRST_TASK_ID + index));
    }
}
