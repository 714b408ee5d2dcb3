package io.github.captchacallback;

import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.protocol.Judgement;
import io.github.captchacallback.protocol.Verification;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.ReplaySettings;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.source.Origin;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Verifies each request, claims what is genuine, and reports the verdict. Safe for use by several threads. */
final class Judge {

    private final CallbackSettings settings;
    private final Verification verification;
    private final Claims claims;
    private final Notifier notifier;
    private final InstantSource clock;
    private final RefusalAnswers answers;
    private final LeaseIds leases = new LeaseIds(new SecureRandom());

    Judge(CallbackSettings settings, Verification verification, Claims claims, Notifier notifier, InstantSource clock) {
        this.settings = settings;
        this.verification = verification;
        this.claims = claims;
        this.notifier = notifier;
        this.clock = clock;
        this.answers = new RefusalAnswers(settings);
    }

    Verdict judge(CallbackRequest request) {
        return judge(request, false);
    }

    /** Judges a request, and keeps the answer in the step that claims it. */
    Verdict judgeAndKeep(CallbackRequest request) {
        return judge(request, true);
    }

    private Verdict judge(CallbackRequest request, boolean keep) {
        long started = notifier.start();
        Judgement judgement = verification.judge(request);
        return judgement instanceof Judgement.Genuine genuine
                ? claim(genuine, keep, started)
                : refuse((Judgement.Failed) judgement, started);
    }

    private Verdict claim(Judgement.Genuine genuine, boolean keep, long started) {
        Callback callback = new Callback(
                genuine.taskId(),
                genuine.result(),
                genuine.proof().claimKey(),
                genuine.proof().issuedAt(),
                genuine.receivedAt());
        long lease = leases.next();
        ClaimOutcome outcome;
        try {
            outcome = keep ? claims.openAndKeep(callback, lease) : claims.open(callback, lease);
        } catch (RuntimeException e) {
            // A store of the application's own may throw what its driver throws, and is unavailable all the same.
            String reason = e instanceof CallbackStoreException ? String.valueOf(e.getMessage()) : e.toString();
            notifier.tell(new CallbackEvent.StoreFailed(genuine.receivedAt(), reason));
            return refuse(genuine, Refusal.UNAVAILABLE, reason, answers.verdict(Refusal.UNAVAILABLE), started);
        }
        if (outcome instanceof ClaimOutcome.Claimed) {
            return accept(genuine, callback, lease, started);
        }
        if (outcome instanceof ClaimOutcome.InProgress inProgress) {
            String detail = "its lease runs for " + inProgress.remaining().toMillis() + " ms more";
            return refuse(genuine, Refusal.IN_PROGRESS, detail, answers.inProgress(inProgress.remaining()), started);
        }
        if (outcome instanceof ClaimOutcome.Settled settled) {
            return settled.repeated() && settings.replay().duplicates() == ReplaySettings.Duplicates.OK
                    ? repeat(genuine, callback, started)
                    : refuse(
                            genuine,
                            Refusal.ALREADY_PROCESSED,
                            "a replay, or another attempt of the service",
                            answers.verdict(Refusal.ALREADY_PROCESSED),
                            started);
        }
        return refuse(
                genuine,
                Refusal.UNKNOWN_TASK,
                "its task was given up, belongs to another store, or has another id",
                answers.verdict(Refusal.UNKNOWN_TASK),
                started);
    }

    private Verdict accept(Judgement.Genuine genuine, Callback callback, long lease, long started) {
        String keyId = genuine.proof().keyId();
        notifier.tell(new CallbackEvent.Accepted(
                callback.receivedAt(),
                callback.reference(),
                callback.taskId(),
                keyId,
                settings.signature().activeKey().equals(keyId),
                notifier.since(started)));
        return new Verdict.Accepted(callback, genuine.parameters(), new Claim(claims, callback, lease));
    }

    private Verdict repeat(Judgement.Genuine genuine, Callback callback, long started) {
        notifier.tell(new CallbackEvent.Repeated(
                callback.receivedAt(), callback.reference(), genuine.proof().keyId(), notifier.since(started)));
        return new Verdict.Repeated(callback, CallbackAnswer.ok());
    }

    private Verdict refuse(
            Judgement.Genuine genuine, Refusal refusal, String detail, Verdict.Refused verdict, long started) {
        tell(genuine.receivedAt(), refusal, detail, genuine.proof(), genuine.origin(), started);
        return verdict;
    }

    private Verdict refuse(Judgement.Failed failed, long started) {
        tell(clock.instant(), failed.refusal(), failed.detail(), failed.proof(), failed.origin(), started);
        return answers.verdict(failed.refusal());
    }

    private void tell(
            Instant at, Refusal refusal, String detail, @Nullable Proof proof, @Nullable Origin origin, long started) {
        // If nothing is signed, what the URL names is made up as easily as the rest.
        Proof signed = proof == null || proof.keyId() == null ? null : proof;
        notifier.tell(new CallbackEvent.Refused(
                at,
                refusal,
                detail,
                signed == null ? null : signed.claimKey(),
                signed == null ? null : signed.keyId(),
                origin == null ? null : origin.client(),
                notifier.since(started)));
    }

    CallbackAnswer answer(Refusal refusal) {
        return answers.verdict(refusal).answer();
    }
}
