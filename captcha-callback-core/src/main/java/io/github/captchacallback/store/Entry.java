package io.github.captchacallback.store;

import org.jspecify.annotations.Nullable;

/**
 * Holds what is remembered of one key, and the transitions between its states. A claim whose lease is over is expected
 * again, without anybody writing it down.
 *
 * @param lease the id of the claim; meaningless while expected
 * @param leaseUntil when the claim ends, in milliseconds since the epoch
 * @param expiresAt when the entry is forgotten, in milliseconds since the epoch
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
        SETTLED
    }

    static Entry expected(@Nullable String taskId, long expiresAt) {
        return new Entry(State.EXPECTED, taskId, null, 0, 0, expiresAt);
    }

    static Entry claimedUnseen(ClaimRequest request) {
        return expected(request.taskId(), 0).claim(request);
    }

    Entry bind(String id) {
        return new Entry(state, id, fingerprint, lease, leaseUntil, expiresAt);
    }

    /** Says whether the entry may be of this task: it is, or is of none yet. */
    boolean isFor(String id) {
        return taskId == null || taskId.equals(id);
    }

    ClaimOutcome judge(ClaimRequest request, long now) {
        if (!isFor(request.taskId())) {
            return ClaimOutcome.UNKNOWN;
        }
        if (!request.oneTime() || isOpen(now)) {
            return ClaimOutcome.CLAIMED;
        }
        return request.fingerprint().equals(fingerprint) ? ClaimOutcome.REPEATED : ClaimOutcome.ALREADY_CLAIMED;
    }

    Entry claim(ClaimRequest request) {
        if (!request.oneTime()) {
            return taskId == null ? bind(request.taskId()) : this;
        }
        long claimedUntil = request.leaseUntil().toEpochMilli();
        long retainUntil = Math.max(claimedUntil, request.retainUntil().toEpochMilli());
        return new Entry(
                State.CLAIMED,
                request.taskId(),
                request.fingerprint(),
                request.lease(),
                claimedUntil,
                Math.max(expiresAt, retainUntil));
    }

    Entry settle() {
        return new Entry(State.SETTLED, taskId, fingerprint, lease, leaseUntil, expiresAt);
    }

    Entry release() {
        return expected(taskId, expiresAt);
    }

    Entry renew(long until) {
        return new Entry(state, taskId, fingerprint, lease, until, Math.max(expiresAt, until));
    }

    boolean isOpen(long now) {
        return state == State.EXPECTED || (state == State.CLAIMED && leaseUntil <= now);
    }

    boolean isHeldBy(long holder) {
        return state == State.CLAIMED && lease == holder;
    }
}
