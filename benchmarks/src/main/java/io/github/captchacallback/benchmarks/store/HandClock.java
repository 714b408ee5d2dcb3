package io.github.captchacallback.benchmarks.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until it is moved on, so that entries expire at the pace of the claims and not of the machine. */
final class HandClock implements InstantSource {

    private final AtomicLong millis = new AtomicLong(1_793_000_000_000L);

    void advance(long by) {
        millis.addAndGet(by);
    }

    @Override
    public long millis() {
        return millis.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
