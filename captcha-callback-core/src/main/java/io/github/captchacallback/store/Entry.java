package io.github.captchacallback.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Represents what is remembered of one key. Entries are immutable, and their methods are the transitions between the states.
 * Times are milliseconds since the epoch.
 */
sealed interface Entry {

    ClaimOutcome CLAIMED = new ClaimOutcome.Claimed();
    ClaimOutcome UNKNOWN = new ClaimOutcome.Unknown();

    @Nullable
    String taskId();

    /** Returns when the entry is forgotten. */
    long expiresAt();

    /** Binds a task id; the caller has asked {@link #isFor}. */
    Entry bind(String id);

    /** Returns what a claim gets. */
    ClaimOutcome judge(ClaimRequest request, long now);

    /** Returns the entry after a claim that {@link #judge} has allowed, and whose answer is kept unless that is null. */
    Taken claim(ClaimRequest request, @Nullable Kept kept, long now);

    /** Reports whether any claim may have the entry. */
    boolean isOpen(long now);

    StoredCallback describe(String key, long now);

    /** Reports whether the entry can be of this task: it is, or is of none yet. */
    default boolean isFor(String id) {
        return taskId() == null || id.equals(taskId());
    }

    /** Returns the claim that was made last; null if there was none. */
    default @Nullable Taken taken() {
        return this instanceof Taken taken ? taken : null;
    }

    /** Represents a callback that nobody has claimed: most entries of a busy store, and so the smallest. */
    record Expected(@Nullable String taskId, long expiresAt) implements Entry {

        @Override
        public Entry bind(String id) {
            return new Expected(id, expiresAt);
        }

        @Override
        public ClaimOutcome judge(ClaimRequest request, long now) {
            return isFor(request.taskId()) ? CLAIMED : UNKNOWN;
        }

        @Override
        public Taken claim(ClaimRequest request, @Nullable Kept kept, long now) {
            return Taken.by(request, kept, now, expiresAt);
        }

        @Override
        public boolean isOpen(long now) {
            return true;
        }

        @Override
        public StoredCallback describe(String key, long now) {
            return new StoredCallback(
                    key,
                    taskId,
                    StoredCallback.State.EXPECTED,
                    0,
                    null,
                    Duration.ofMillis(Math.max(0, expiresAt - now)),
                    null);
        }
    }

    /** The states of what was claimed. */
    enum State {
        CLAIMED,
        /** Given back. The last claim is remembered: its own late first attempt must not claim again. */
        RELEASED,
        SETTLED,
        DEAD
    }

    /**
     * Represents an answer that is kept until it is delivered.
     *
     * @param until when it is forgotten
     * @param reason why its delivery was given up; null unless it is dead
     */
    record Kept(
            String answer,
            long acceptedAt,
            int attempts,
            long until,
            @Nullable String reason) {

        static Kept of(String answer, long now, Duration keep) {
            return new Kept(answer, now, 1, now + keep.toMillis(), null);
        }

        Kept withAttempts(int count) {
            return new Kept(answer, acceptedAt, count, until, reason);
        }

        Kept atLeastUntil(long later, @Nullable String why) {
            return new Kept(answer, acceptedAt, attempts, Math.max(until, later), why);
        }

        @Override
        public String toString() {
            return "Kept[attempts " + attempts + "]";
        }
    }

    /**
     * Represents a callback that was claimed at least once. A claim whose lease is over is open again, or due again if its
     * answer is kept, without anybody writing that down.
     *
     * @param fingerprint by which a repeat is recognized
     * @param lease the id of the current or last claim
     * @param until when the lease ends; if a kept answer waits, when it is due
     * @param rememberedUntil when the entry is forgotten if no answer is kept
     * @param kept the answer; null if none is kept, or no longer
     */
    record Taken(
            State state,
            String taskId,
            @Nullable String fingerprint,
            long lease,
            long until,
            long rememberedUntil,
            @Nullable Kept kept)
            implements Entry {

        static Taken by(ClaimRequest request, @Nullable Kept kept, long now, long rememberedUntil) {
            long leaseEnds = now + request.leaseFor().toMillis();
            long keepEnds = now + request.keep().toMillis();
            return new Taken(
                    State.CLAIMED,
                    request.taskId(),
                    request.fingerprint(),
                    request.lease(),
                    leaseEnds,
                    Math.max(rememberedUntil, Math.max(leaseEnds, keepEnds)),
                    kept);
        }

        private Taken with(State next, long nextLease, long nextUntil, @Nullable Kept nextKept) {
            return new Taken(
                    next,
                    taskId,
                    fingerprint,
                    nextLease,
                    nextUntil,
                    next == State.CLAIMED ? Math.max(rememberedUntil, nextUntil) : rememberedUntil,
                    nextKept);
        }

        @Override
        public long expiresAt() {
            return kept == null ? rememberedUntil : Math.max(rememberedUntil, kept.until());
        }

        @Override
        public Entry bind(String id) {
            return this;
        }

        @Override
        public ClaimOutcome judge(ClaimRequest request, long now) {
            if (!isFor(request.taskId())) {
                return UNKNOWN;
            }
            boolean own = lease == request.lease();
            if (own && state == State.CLAIMED) {
                return CLAIMED;
            }
            if (kept != null || state == State.SETTLED) {
                return new ClaimOutcome.Settled(request.fingerprint().equals(fingerprint));
            }
            if (state == State.RELEASED) {
                return own ? new ClaimOutcome.InProgress(Duration.ZERO) : CLAIMED;
            }
            return until <= now ? CLAIMED : new ClaimOutcome.InProgress(Duration.ofMillis(until - now));
        }

        @Override
        public Taken claim(ClaimRequest request, @Nullable Kept answer, long now) {
            return by(request, kept == null ? answer : kept, now, rememberedUntil);
        }

        @Override
        public boolean isOpen(long now) {
            return kept == null && (state == State.RELEASED || (state == State.CLAIMED && until <= now));
        }

        /** Reports whether the entry is in a state that this claim has brought it to. */
        boolean isIn(State expected, long ofLease) {
            return state == expected && lease == ofLease;
        }

        /** Reports whether the answer waits for an attempt, or is being worked on. */
        boolean isUnderDelivery() {
            return kept != null && state != State.DEAD;
        }

        /** Reports whether an attempt under that lease may begin. */
        boolean isDue(long forLease, long now) {
            return isUnderDelivery() && until <= now && lease != forLease;
        }

        Taken settle() {
            return with(State.SETTLED, lease, until, null);
        }

        /** Gives the claim back. What was kept is due now, and the attempt that was not made does not count. */
        Taken release(long now) {
            return kept == null
                    ? new Taken(State.RELEASED, taskId, null, lease, 0, rememberedUntil, null)
                    : with(State.RELEASED, lease, now, kept.withAttempts(kept.attempts() - 1));
        }

        Taken renew(long leaseEnds) {
            return with(State.CLAIMED, lease, leaseEnds, kept);
        }

        Taken take(Kept answer, long byLease, long leaseEnds) {
            int attempts = isIn(State.CLAIMED, byLease) ? answer.attempts() : answer.attempts() + 1;
            return with(State.CLAIMED, byLease, leaseEnds, answer.withAttempts(attempts));
        }

        Taken retry(Kept answer, long due) {
            return with(State.RELEASED, lease, due, answer);
        }

        Taken bury(Kept answer, String reason, long keepEnds) {
            return with(State.DEAD, lease, until, answer.atLeastUntil(keepEnds, reason));
        }

        Taken replay(Kept answer, long now, long keepEnds) {
            return with(
                    State.RELEASED,
                    lease,
                    now,
                    answer.atLeastUntil(keepEnds, null).withAttempts(0));
        }

        @Override
        public StoredCallback describe(String key, long now) {
            StoredCallback.State described = described(now);
            long ends = described == StoredCallback.State.IN_PROGRESS || described == StoredCallback.State.WAITING
                    ? until
                    : expiresAt();
            return new StoredCallback(
                    key,
                    taskId,
                    described,
                    kept == null ? 0 : kept.attempts(),
                    kept == null ? null : Duration.ofMillis(now - kept.acceptedAt()),
                    Duration.ofMillis(Math.max(0, ends - now)),
                    kept == null ? null : kept.reason());
        }

        private StoredCallback.State described(long now) {
            return switch (state) {
                case SETTLED -> StoredCallback.State.SETTLED;
                case DEAD -> StoredCallback.State.DEAD;
                case RELEASED -> kept == null ? StoredCallback.State.EXPECTED : StoredCallback.State.WAITING;
                case CLAIMED -> {
                    if (until > now) {
                        yield StoredCallback.State.IN_PROGRESS;
                    }
                    yield kept == null ? StoredCallback.State.EXPECTED : StoredCallback.State.WAITING;
                }
            };
        }
    }
}
