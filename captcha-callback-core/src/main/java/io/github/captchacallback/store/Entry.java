package io.github.captchacallback.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one key, and the transitions between its states. A claim whose lease is over is open again, without
 * anybody writing that down. Times are milliseconds since the epoch.
 *
 * @param lease the id of the current or last claim; meaningless while expected
 * @param leaseUntil when the claim ends
 * @param expiresAt when the entry is forgotten
 */
record Entry(
        State state,
        @Nullable String taskId,
        @Nullable String fingerprint,
        long lease,
        long leaseUntil,
        long expiresAt) {

    enum State {
        EXPECTED,
        CLAIMED,
        /** Open, and the last claim is remembered: its own late first attempt must not claim again. */
        RELEASED,
        SETTLED
    }

    private static final ClaimOutcome CLAIMED = new ClaimOutcome.Claimed();
    private static final ClaimOutcome UNKNOWN = new ClaimOutcome.Unknown();

    static Entry expected(@Nullable String taskId, long expiresAt) {
        return new Entry(State.EXPECTED, taskId, null, 0, 0, expiresAt);
    }

    Entry bind(String id) {
        return new Entry(state, id, fingerprint, lease, leaseUntil, expiresAt);
    }

    /** Reports whether the entry can be of this task: it is, or is of none yet. */
    boolean isFor(String id) {
        return taskId == null || taskId.equals(id);
    }

    ClaimOutcome judge(ClaimRequest request, long now) {
        if (!isFor(request.taskId())) {
            return UNKNOWN;
        }
        if (state == State.SETTLED) {
            return new ClaimOutcome.Settled(request.fingerprint().equals(fingerprint));
        }
        boolean own = lease == request.lease();
        if (state == State.RELEASED && own) {
            return new ClaimOutcome.InProgress(Duration.ZERO);
        }
        return isOpen(now) || own ? CLAIMED : new ClaimOutcome.InProgress(Duration.ofMillis(leaseUntil - now));
    }

    Entry claim(ClaimRequest request, long now) {
        long claimedUntil = now + request.leaseFor().toMillis();
        long keptUntil = now + request.keep().toMillis();
        return new Entry(
                State.CLAIMED,
                request.taskId(),
                request.fingerprint(),
                request.lease(),
                claimedUntil,
                Math.max(expiresAt, Math.max(claimedUntil, keptUntil)));
    }

    Entry settle() {
        return new Entry(State.SETTLED, taskId, fingerprint, lease, leaseUntil, expiresAt);
    }

    Entry release() {
        return new Entry(State.RELEASED, taskId, null, lease, 0, expiresAt);
    }

    Entry renew(long until) {
        return new Entry(state, taskId, fingerprint, lease, until, Math.max(expiresAt, until));
    }

    /** Reports whether any claim may have the entry. */
    boolean isOpen(long now) {
        return switch (state) {
            case EXPECTED, RELEASED -> true;
            case CLAIMED -> leaseUntil <= now;
            case SETTLED -> false;
        };
    }

    /** Reports whether the entry is in a state that this claim has brought it to. */
    boolean isIn(State expected, long ofLease) {
        return state == expected && lease == ofLease;
    }
}
