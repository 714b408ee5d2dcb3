package io.github.captchacallback;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/**
 * Bounds the log lines of one kind, so that what an outsider can provoke never becomes a flood. What was left out of one
 * interval is counted at the beginning of a later one. Safe for use by several threads.
 */
final class LogBudget {

    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Logger log;
    private final String kind;
    private final int linesPerInterval;
    private final LongAdder leftOut = new LongAdder();
    private volatile long intervalStart = Long.MIN_VALUE;
    private volatile int lines;

    LogBudget(Logger log, String kind, int linesPerInterval) {
        this.log = log;
        this.kind = kind;
        this.linesPerInterval = linesPerInterval;
    }

    /** Reports whether one more line may be written; under a flood it may not, and no thread waits for a lock to learn so. */
    boolean allows(Instant at) {
        long now = at.toEpochMilli();
        if (lines == linesPerInterval && !isOver(now)) {
            leftOut.increment();
            return false;
        }
        return take(now);
    }

    private synchronized boolean take(long now) {
        if (isOver(now)) {
            long notLogged = leftOut.sumThenReset();
            if (notLogged > 0) {
                log.info("{} more {} were not logged", notLogged, kind);
            }
            intervalStart = now;
            lines = 0;
        }
        if (lines == linesPerInterval) {
            leftOut.increment();
            return false;
        }
        lines = lines + 1;
        return true;
    }

    private boolean isOver(long now) {
        return intervalStart == Long.MIN_VALUE || Math.abs(now - intervalStart) >= INTERVAL.toMillis();
    }
}
