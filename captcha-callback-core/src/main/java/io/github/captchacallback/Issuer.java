package io.github.captchacallback;

import io.github.captchacallback.protocol.CallbackUrl;
import io.github.captchacallback.protocol.Freshness;
import io.github.captchacallback.protocol.Reference;
import io.github.captchacallback.protocol.TaskId;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.signature.SignatureScheme;
import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Issues callback URLs, and follows their submissions. Safe for use by several threads. */
final class Issuer {

    private final CallbackSettings settings;
    private final SignatureScheme scheme;
    private final Freshness freshness;
    private final CallbackStore store;
    private final InstantSource clock;
    private final Notifier notifier;
    private final SecureRandom random = new SecureRandom();

    Issuer(
            CallbackSettings settings,
            SignatureScheme scheme,
            CallbackStore store,
            InstantSource clock,
            Notifier notifier) {
        this.settings = settings;
        this.scheme = scheme;
        this.freshness = Freshness.of(settings);
        this.store = store;
        this.clock = clock;
        this.notifier = notifier;
    }

    IssuedCallback issue() {
        if (!bySignedReference()) {
            throw new IllegalStateException(
                    "A callback is known by its task id here: ask the service for the id first and"
                            + " call issueFor(taskId), or set signature.scheme=reference");
        }
        return issue(Reference.random(random), null);
    }

    IssuedCallback issueFor(String taskId) {
        if (bySignedReference()) {
            throw new IllegalStateException(
                    "A callback is known by its reference here: call issue(), or set signature.scheme=task-id");
        }
        return issue(requireTaskId(taskId), taskId);
    }

    private IssuedCallback issue(String claimKey, @Nullable String taskId) {
        if (settings.publicUrl() == null) {
            throw new IllegalStateException("captcha.callback.public-url is not set, and issuing needs it");
        }
        Instant now = clock.instant();
        if (settings.pending().enabled()) {
            store.expect(
                    claimKey, taskId, freshness.expectation(settings.pending().giveUpAfter()));
        }
        notifier.tell(new CallbackEvent.Issued(now, claimKey));
        return new IssuedCallback(claimKey, CallbackUrl.of(settings, scheme.issue(claimKey, now.getEpochSecond())));
    }

    private boolean bySignedReference() {
        return settings.signature().enabled() && settings.signature().scheme() == SignatureSettings.Scheme.REFERENCE;
    }

    void bind(String reference, String taskId) {
        requireTaskId(taskId);
        if (!settings.pending().enabled()) {
            return;
        }
        Binding binding = store.bind(reference, taskId);
        if (binding == Binding.CONFLICT) {
            throw new IllegalStateException("Reference " + reference + " is bound to another task id than " + taskId
                    + ": its callback came with that one, or it was bound twice");
        }
        if (binding == Binding.UNKNOWN) {
            throw new IllegalStateException(
                    "Reference " + reference + " is not expected, or no longer: the submission took"
                            + " longer than captcha.callback.pending.give-up-after, or was abandoned");
        }
        notifier.tell(new CallbackEvent.Bound(clock.instant(), reference, taskId));
    }

    void abandon(String reference) {
        if (store.abandon(reference)) {
            notifier.tell(new CallbackEvent.Abandoned(clock.instant(), reference));
        }
    }

    <E extends Exception> SubmittedTask submit(Submission<E> submission) throws E {
        IssuedCallback issued = issue();
        String taskId;
        try {
            taskId = requireTaskId(
                    Objects.requireNonNull(submission.submit(issued), "The submission returned no task id"));
        } catch (TaskRefusedException e) {
            abandonAfter(e, issued.reference());
            throw e;
        } catch (Throwable e) {
            // A read timeout, for one, may hide a task that exists and was paid for.
            notifier.tell(new CallbackEvent.SubmissionUnclear(
                    clock.instant(), issued.reference(), e.getClass().getName()));
            throw e;
        }
        bind(issued.reference(), taskId);
        return new SubmittedTask(taskId, issued);
    }

    /** Abandons the task after a failure. A store error must not hide the original exception. */
    private void abandonAfter(TaskRefusedException failure, String reference) {
        try {
            abandon(reference);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static String requireTaskId(String taskId) {
        if (!TaskId.isValid(taskId)) {
            throw new IllegalArgumentException("A task id has 1 to 128 letters, digits, '.', '_', ':' and '-'");
        }
        return taskId;
    }
}
