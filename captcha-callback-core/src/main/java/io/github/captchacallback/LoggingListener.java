package io.github.captchacallback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what an operator should see, at a bounded rate: a flood of forgeries must not become a flood of lines. What was
 * left out of one interval is counted at the beginning of a later one.
 */
final class LoggingListener implements CallbackListener {

    static final Duration INTERVAL = Duration.ofSeconds(10);
    static final int LINES_PER_INTERVAL = 20;

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.class);

    private final Budget forgeries;
    private final Budget verified;
    private final Budget failures;

    LoggingListener(InstantSource clock) {
        long now = clock.millis();
        forgeries = new Budget("refusals of requests that were not verified", now);
        verified = new Budget("refusals of verified callbacks", now);
        failures = new Budget("failures of the store", now);
    }

    @Override
    public void on(CallbackEvent event) {
        if (event instanceof CallbackEvent.Refused refused) {
            logRefusal(refused);
        } else if (event instanceof CallbackEvent.StoreFailed failed) {
            if (failures.allows(failed.at())) {
                LOG.warn("The callback store failed: {}", failed.reason());
            }
        } else if (event instanceof CallbackEvent.AllowFileKept kept) {
            LOG.warn("The allow file has changed and cannot be used, the old one stays in force: {}", kept.reason());
        } else if (event instanceof CallbackEvent.AllowFileReloaded reloaded) {
            LOG.info("The allow file has changed: {} entries are in force", reloaded.entries());
        }
    }

    /** Counts one more request that was not verified, and says true, where there is no line left for it. */
    boolean onlyCountsForgery(Instant at) {
        return forgeries.onlyCounts(at.toEpochMilli());
    }

    private void logRefusal(CallbackEvent.Refused refused) {
        Budget budget = refused.reference() == null ? forgeries : verified;
        if (budget.allows(refused.at())) {
            LOG.info(
                    "Refused a callback from {}: {} ({}), reference {}",
                    refused.client() == null ? "an unknown address" : refused.client(),
                    refused.refusal().reason(),
                    refused.refusal().status(),
                    refused.reference() == null ? "not verified" : refused.reference());
        }
    }

    /** Counts the lines of one kind, so that what an outsider can provoke never takes the place of what he cannot. */
    private static final class Budget {

        private final String kind;
        private final LongAdder leftOut = new LongAdder();
        private volatile long intervalStart;
        private volatile int lines;

        Budget(String kind, long now) {
            this.kind = kind;
            this.intervalStart = now;
        }

        /** Says whether one more line may be written; under a flood it may not, and none waits for a lock to hear so. */
        boolean allows(Instant at) {
            long now = at.toEpochMilli();
            return !onlyCounts(now) && take(now);
        }

        private boolean onlyCounts(long now) {
            boolean exhausted = lines == LINES_PER_INTERVAL && !isOver(now);
            if (exhausted) {
                leftOut.increment();
            }
            return exhausted;
        }

        private synchronized boolean take(long now) {
            if (isOver(now)) {
                long notLogged = leftOut.sumThenReset();
                if (notLogged > 0) {
                    LOG.info("{} more {} were not logged", notLogged, kind);
                }
                intervalStart = now;
                lines = 0;
            }
            if (lines == LINES_PER_INTERVAL) {
                leftOut.increment();
                return false;
            }
            lines = lines + 1;
            return true;
        }

        private boolean isOver(long now) {
            return now - intervalStart >= INTERVAL.toMillis();
        }
    }
}
