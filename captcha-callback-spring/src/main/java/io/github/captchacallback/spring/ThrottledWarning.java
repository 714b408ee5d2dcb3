package io.github.captchacallback.spring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Writes at most one line a minute, and says how many were left out: what an outsider can cause must not fill the log. Safe for
 * use by several threads.
 */
final class ThrottledWarning {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Logger log;
    private final InstantSource clock;
    private @Nullable Instant last;
    private long leftOut;

    ThrottledWarning(Logger log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    synchronized void warn(String message) {
        Instant now = clock.instant();
        // A clock that has gone back must not silence the warnings until it has caught up.
        if (last != null && Duration.between(last, now).abs().compareTo(INTERVAL) < 0) {
            leftOut++;
            return;
        }
        log.warn(leftOut == 0 ? "{}" : "{} ({} more such warnings were left out)", message, leftOut);
        last = now;
        leftOut = 0;
    }
}
