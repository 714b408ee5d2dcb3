package io.github.captchacallback;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what an operator should see, at a bounded rate: a flood of forgeries must not become a flood of lines. */
final class LoggingListener implements CallbackEventListener {

    static final int LINES_PER_INTERVAL = 20;

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final LogBudget forgeries =
            new LogBudget(LOG, "refusals of requests that were not verified", LINES_PER_INTERVAL);
    private final LogBudget verified = new LogBudget(LOG, "refusals of verified callbacks", LINES_PER_INTERVAL);
    private final LogBudget failures = new LogBudget(LOG, "failures of the store", LINES_PER_INTERVAL);

    private final LogBudget dead = new LogBudget(LOG, "dead letters", LINES_PER_INTERVAL);

    @Override
    public void on(CallbackEvent event) {
        if (event instanceof CallbackEvent.Refused refused) {
            logRefusal(refused);
        } else if (event instanceof CallbackEvent.StoreFailed failed) {
            if (failures.allows(failed.at())) {
                LOG.warn("The callback store failed: {}", failed.reason());
            }
        } else if (event instanceof CallbackEvent.Released released && released.reason() != null) {
            LOG.warn(
                    "The callback of reference {} was not taken, and can come again: {}",
                    released.reference(),
                    released.reason());
        } else if (event instanceof CallbackEvent.SubmissionUnclear unclear) {
            LOG.warn(
                    "The submission of reference {} failed with {}. The task may exist and be paid for, so its callback is still"
                            + " expected. If the service refused the task, throw a TaskRefusedException",
                    unclear.reference(),
                    unclear.failure());
        } else if (event instanceof CallbackEvent.Dead letter) {
            logDead(letter);
        } else if (event instanceof CallbackEvent.Replayed replayed) {
            LOG.info("The dead letter of reference {} is delivered again", replayed.reference());
        } else if (event instanceof CallbackEvent.Discarded discarded) {
            LOG.warn("The dead letter of reference {} was discarded: {}", discarded.reference(), discarded.reason());
        } else if (event instanceof CallbackEvent.AllowFileKept kept) {
            LOG.warn("The allow file cannot be used, and the old list stays in force: {}", kept.reason());
        } else if (event instanceof CallbackEvent.AllowFileReloaded reloaded) {
            LOG.info("The allow file has changed: {} entries are in force", reloaded.entries());
        }
    }

    private void logDead(CallbackEvent.Dead letter) {
        if (dead.allows(letter.at())) {
            LOG.warn(
                    "The callback of reference {} was not delivered after {} attempts, and is a dead letter: {}. Correct the"
                            + " cause, then replay it, or discard it with a reason. Its answer is kept for {} hours",
                    letter.reference(),
                    letter.attempts(),
                    letter.reason(),
                    letter.kept().toHours());
        }
    }

    private void logRefusal(CallbackEvent.Refused refused) {
        LogBudget budget = refused.reference() == null ? forgeries : verified;
        if (budget.allows(refused.at())) {
            LOG.info(
                    "Refused a callback from {}: {} ({}), {}; reference {}",
                    refused.client() == null ? "an unknown address" : refused.client(),
                    refused.refusal().reason(),
                    refused.refusal().status(),
                    refused.detail(),
                    refused.reference() == null ? "not verified" : refused.reference());
        }
    }
}
