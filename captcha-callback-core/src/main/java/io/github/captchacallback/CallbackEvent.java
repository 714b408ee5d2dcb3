package io.github.captchacallback;

import io.github.captchacallback.http.Refusal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a verdict or of a step in the life of a reference. No event holds a secret, a token, an answer, or any text of
 * a request that was not verified.
 */
public sealed interface CallbackEvent {

    /** Returns when it happened. */
    Instant at();

    /**
     * Tells that a callback URL was issued.
     *
     * @param at when
     * @param reference by which the callback will be known
     */
    record Issued(Instant at, String reference) implements CallbackEvent {}

    /**
     * Tells that a submission's task id became known.
     *
     * @param at when
     * @param reference the submission's reference
     * @param taskId the service's id of the task
     */
    record Bound(Instant at, String reference, String taskId) implements CallbackEvent {}

    /**
     * Reports that the service has refused a task or the application gave it up, so that its callback is no longer expected.
     *
     * @param at when
     * @param reference the submission's reference
     */
    record Abandoned(Instant at, String reference) implements CallbackEvent {}

    /**
     * Tells that a callback was accepted, and claimed.
     *
     * @param at when
     * @param reference the callback's reference
     * @param taskId the service's id of the task
     * @param keyId the key that signed the URL; null where none did
     * @param activeKey whether that is the key that signs now; a ring's older key can go once this is true for all
     * @param took how long verification took
     */
    record Accepted(
            Instant at,
            String reference,
            String taskId,
            @Nullable String keyId,
            boolean activeKey,
            Duration took) implements CallbackEvent {}

    /**
     * Tells that a genuine repeat was answered, and not handed on.
     *
     * @param at when
     * @param reference the callback's reference
     * @param keyId the key that signed the URL; null where none did
     * @param took how long verification took
     */
    record Repeated(Instant at, String reference, @Nullable String keyId, Duration took) implements CallbackEvent {}

    /**
     * Tells that a request was refused.
     *
     * @param at when
     * @param refusal the first check that failed
     * @param detail what exactly, in words without anything of the request but addresses and numbers
     * @param reference the callback's reference; null unless its signature was verified
     * @param keyId the key that signed the URL; null unless its signature was verified
     * @param client the client's address; null where it cannot be told or was not asked for
     * @param took how long verification took
     */
    record Refused(
            Instant at,
            Refusal refusal,
            String detail,
            @Nullable String reference,
            @Nullable String keyId,
            @Nullable String client,
            Duration took)
            implements CallbackEvent {}

    /**
     * Tells that the application has the answer.
     *
     * @param at when
     * @param reference the callback's reference
     */
    record Settled(Instant at, String reference) implements CallbackEvent {}

    /**
     * Reports that the application has not taken a callback, so that it can come again.
     *
     * @param at when
     * @param reference the callback's reference
     * @param reason why, and what to do about it; null if the caller gave none
     */
    record Released(Instant at, String reference, @Nullable String reason) implements CallbackEvent {}

    /**
     * Reports that a handler has taken a kept answer, which is erased now.
     *
     * @param at when
     * @param reference the callback's reference
     * @param attempts how many attempts that took; at least 1
     */
    record Delivered(Instant at, String reference, int attempts) implements CallbackEvent {}

    /**
     * Reports that an attempt to deliver a kept answer failed, and is repeated.
     *
     * @param at when
     * @param reference the callback's reference
     * @param attempts how many attempts have failed; at least 1
     * @param after how long until the next attempt
     * @param reason why, without anything of the answer
     */
    record RetryScheduled(Instant at, String reference, int attempts, Duration after, String reason)
            implements CallbackEvent {}

    /**
     * Reports that the delivery of a kept answer was given up: it is a dead letter now, for an operator to replay or discard.
     *
     * @param at when
     * @param reference the callback's reference
     * @param attempts how many attempts were made
     * @param kept how long it is kept from now on
     * @param reason why, without anything of the answer
     */
    record Dead(Instant at, String reference, int attempts, Duration kept, String reason) implements CallbackEvent {}

    /**
     * Reports that an operator has a dead letter delivered again.
     *
     * @param at when
     * @param reference the callback's reference
     */
    record Replayed(Instant at, String reference) implements CallbackEvent {}

    /**
     * Reports that an operator has discarded a dead letter. Its answer is erased.
     *
     * @param at when
     * @param reference the callback's reference
     * @param reason what the operator gave as reason, escaped and cut
     */
    record Discarded(Instant at, String reference, String reason) implements CallbackEvent {}

    /**
     * Reports that a submission failed without saying whether the service has taken the task. Its callback stays expected,
     * because the task may exist and be paid for.
     *
     * @param at when
     * @param reference the submission's reference
     * @param failure the class of the exception
     */
    record SubmissionUnclear(Instant at, String reference, String failure) implements CallbackEvent {}

    /**
     * Tells that the store was full or out of reach, and a callback was refused for it.
     *
     * @param at when
     * @param reason what the store says
     */
    record StoreFailed(Instant at, String reason) implements CallbackEvent {}

    /**
     * Tells that a new version of the allow file is in force.
     *
     * @param at when
     * @param entries how many addresses, blocks and ranges it lists
     */
    record AllowFileReloaded(Instant at, int entries) implements CallbackEvent {}

    /**
     * Tells that a new version of the allow file was left aside, and the old one stays in force.
     *
     * @param at when
     * @param reason what is wrong with it
     */
    record AllowFileKept(Instant at, String reason) implements CallbackEvent {}
}
