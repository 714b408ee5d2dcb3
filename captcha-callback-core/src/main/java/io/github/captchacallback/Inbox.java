package io.github.captchacallback;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.DueAnswer;
import io.github.captchacallback.store.Renewal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Represents the answers that a store keeps until the application has them. A {@code CallbackEndpoint} with a handler works
 * on it; an application uses it only to deliver answers by a scheduler of its own.
 *
 * <p>An answer is kept in the same step that claims its callback, so a crash after the service got its 200 loses nothing:
 * {@link #take(int)} returns it, on any node, once the lease is over. Safe for use by several threads.
 */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final int REASON_LENGTH = 200;

    private final CallbackInbox store;
    private final CallbackSettings settings;
    private final InstantSource clock;
    private final Notifier notifier;
    private final Judge judge;
    private final LogBudget foreign = new LogBudget(LOG, "callbacks of other endpoints", 1);
    private final LeaseIds leases = new LeaseIds(new SecureRandom());

    /** The lease of a taking whose result was lost: it is asked for again under the same one. */
    private long lostLease;

    private boolean lost;

    Inbox(CallbackInbox store, CallbackSettings settings, InstantSource clock, Notifier notifier, Judge judge) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.notifier = notifier;
        this.judge = judge;
    }

    /**
     * Judges a request as {@link CaptchaCallbacks#verify(CallbackRequest)} does. What is accepted is claimed and its answer kept,
     * in one step. The caller makes the first attempt.
     */
    public Verdict accept(CallbackRequest request) {
        return judge.judgeAndKeep(request);
    }

    /** Returns the first attempt to deliver what this inbox has accepted. */
    public Attempt firstAttempt(Verdict.Accepted accepted) {
        Callback callback = accepted.callback();
        return new Attempt(this, callback, accepted.claim().lease(), 1, Duration.ZERO, callback.receivedAt());
    }

    /**
     * Takes answers that are due, the longest due first. No other caller, on any node, gets the same ones. Their attempts are
     * counted before they are returned. An answer that this version cannot read becomes a dead letter.
     *
     * @param limit the most answers to take; at least 1
     * @return the attempts that the caller makes now
     * @throws CallbackStoreException if the store is unavailable; what it has taken nevertheless is returned by the next call,
     *     or due again when the lease is over
     */
    public synchronized List<Attempt> take(int limit) {
        long lease = lost ? lostLease : leases.next();
        lostLease = lease;
        lost = true;
        Instant start = clock.instant();
        List<DueAnswer> due = store.takeDue(lease, limit, settings.replay().lease());
        lost = false;
        List<Attempt> attempts = new ArrayList<>(due.size());
        for (DueAnswer answer : due) {
            try {
                KeptAnswer kept = KeptAnswer.read(answer.answer());
                if (kept.path().equals(settings.path())) {
                    attempts.add(new Attempt(this, kept.callback(), lease, answer.attempts(), answer.age(), start));
                } else {
                    leave(answer, kept.path());
                }
            } catch (IllegalArgumentException e) {
                end(answer, () -> bury(answer, "the answer was not handed over, because " + e.getMessage()));
            }
        }
        return attempts;
    }

    /** Leaves an answer to the endpoint that accepted it, unless that does not come for it. */
    private void leave(DueAnswer answer, String path) {
        if (foreign.allows(clock.instant())) {
            LOG.warn(
                    "The callback of reference {} is for the endpoint at {}, and was taken by the one at {}, because both use the same"
                            + " store. Give each its own table, key prefix or store: until then each delays the other's callbacks",
                    answer.key(),
                    shown(path),
                    settings.path());
        }
        boolean late = answer.age().compareTo(settings.delivery().within()) > 0;
        end(
                answer,
                () -> late
                        ? bury(
                                answer,
                                "no node has delivered it for the endpoint at " + path + ", whose store others share")
                        : store.release(answer.key(), answer.lease()));
    }

    private boolean bury(DueAnswer answer, String reason) {
        return bury(answer.key(), answer.lease(), answer.attempts(), reason);
    }

    /** The others that were taken must be returned, so a failure is left to the next taking, after the lease. */
    private static void end(DueAnswer answer, BooleanSupplier ending) {
        try {
            boolean ended = ending.getAsBoolean();
            LOG.debug("The answer of reference {} was given back: {}", answer.key(), ended);
        } catch (RuntimeException e) {
            LOG.debug("The answer of reference {} was not given back", answer.key(), e);
        }
    }

    /** Reports whether another process could deliver what is kept, or this one after a restart. */
    public boolean outlivesProcess() {
        return store.outlivesProcess();
    }

    Instant now() {
        return clock.instant();
    }

    Instant leaseFrom(Instant start) {
        return start.plus(settings.replay().lease());
    }

    boolean renew(String reference, long lease) {
        return store.renew(reference, lease, settings.replay().lease()) == Renewal.HELD;
    }

    boolean settle(String reference, long lease, int attempts) {
        boolean settled = store.settle(reference, lease);
        if (settled) {
            notifier.tell(new CallbackEvent.Delivered(clock.instant(), reference, attempts));
            notifier.tell(new CallbackEvent.Settled(clock.instant(), reference));
        }
        return settled;
    }

    boolean retry(String reference, long lease, int attempts, Duration after, String reason) {
        boolean waits = store.retry(reference, lease, after);
        if (waits) {
            notifier.tell(new CallbackEvent.RetryScheduled(clock.instant(), reference, attempts, after, shown(reason)));
        }
        return waits;
    }

    boolean bury(String reference, long lease, int attempts, String reason) {
        Duration keep = settings.delivery().keepDead();
        String why = shown(reason);
        boolean dead = store.bury(reference, lease, why, keep);
        if (dead) {
            // The attempt that is counted and not made tells that the one before it did not end.
            int made = Math.min(attempts, settings.delivery().attempts());
            notifier.tell(new CallbackEvent.Dead(clock.instant(), reference, made, keep, why));
        }
        return dead;
    }

    boolean release(String reference, long lease) {
        return store.release(reference, lease);
    }

    /** Makes a reason fit for a line of a log: without control characters, and not longer than a store takes. */
    static String shown(String reason) {
        String oneLine = reason.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
        return oneLine.length() <= REASON_LENGTH ? oneLine : oneLine.substring(0, REASON_LENGTH - 1) + "…";
    }
}
