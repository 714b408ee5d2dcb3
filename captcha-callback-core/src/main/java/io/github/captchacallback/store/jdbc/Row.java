package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.StoredCallback;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Represents a row of the table, and the database's time when it was read. It explains why a statement has changed nothing;
 * what changes is decided by the statements.
 *
 * @param lease the lease of the last claim; null if there was none
 * @param leaseUntil when the lease ends, or when a waiting answer is due
 * @param acceptedAt when the answer was accepted; null if none is kept
 */
record Row(
        String key,
        @Nullable String taskId,
        int state,
        String fingerprint,
        @Nullable Long lease,
        long leaseUntil,
        long expiresAt,
        int attempts,
        @Nullable Long acceptedAt,
        @Nullable String reason,
        long now) {

    static final int EXPECTED = 0;
    static final int CLAIMED = 1;
    static final int RELEASED = 2;
    static final int SETTLED = 3;
    static final int DEAD = 4;

    static Row read(ResultSet rows) throws SQLException {
        // Oracle reads back null for the empty string.
        String fingerprint = rows.getString("fingerprint");
        return new Row(
                rows.getString("callback_key"),
                rows.getString("task_id"),
                rows.getInt("state"),
                fingerprint == null ? "" : fingerprint,
                number(rows, "lease"),
                rows.getLong("lease_until"),
                rows.getLong("expires_at"),
                rows.getInt("attempts"),
                number(rows, "accepted_at"),
                rows.getString("reason"),
                rows.getLong("db_time"));
    }

    private static @Nullable Long number(ResultSet rows, String column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? null : value;
    }

    boolean isExpired() {
        return expiresAt <= now;
    }

    boolean isOf(String id) {
        return taskId == null || taskId.equals(id);
    }

    /** Reports whether a step under that lease has brought the row to this state. */
    boolean isIn(int expected, long ofLease) {
        return state == expected && lease != null && lease == ofLease;
    }

    boolean isKept() {
        return acceptedAt != null;
    }

    /** Returns what a claim gets, or nothing if the row is open to it: it has changed since the claim was tried. */
    @Nullable
    ClaimOutcome judge(ClaimRequest request) {
        if (isExpired() || !isOf(request.taskId())) {
            return new ClaimOutcome.Unknown();
        }
        if (isIn(CLAIMED, request.lease())) {
            return new ClaimOutcome.Claimed();
        }
        if (isKept() || state == SETTLED) {
            return new ClaimOutcome.Settled(fingerprint.equals(request.fingerprint()));
        }
        if (isIn(RELEASED, request.lease())) {
            return new ClaimOutcome.InProgress(Duration.ZERO);
        }
        return state == CLAIMED && leaseUntil > now
                ? new ClaimOutcome.InProgress(Duration.ofMillis(leaseUntil - now))
                : null;
    }

    StoredCallback describe() {
        StoredCallback.State described = described();
        boolean byLease = described == StoredCallback.State.IN_PROGRESS || described == StoredCallback.State.WAITING;
        return new StoredCallback(
                key,
                taskId,
                described,
                isKept() ? attempts : 0,
                acceptedAt == null ? null : Duration.ofMillis(Math.max(0, now - acceptedAt)),
                Duration.ofMillis(Math.max(0, (byLease ? leaseUntil : expiresAt) - now)),
                isKept() ? reason : null);
    }

    private StoredCallback.State described() {
        if (state == SETTLED) {
            return StoredCallback.State.SETTLED;
        }
        if (state == DEAD) {
            return StoredCallback.State.DEAD;
        }
        if (state == CLAIMED && leaseUntil > now) {
            return StoredCallback.State.IN_PROGRESS;
        }
        return isKept() ? StoredCallback.State.WAITING : StoredCallback.State.EXPECTED;
    }
}
