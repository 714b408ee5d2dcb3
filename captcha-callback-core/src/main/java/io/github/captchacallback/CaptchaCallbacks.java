package io.github.captchacallback;

import io.github.captchacallback.address.Origin;
import io.github.captchacallback.address.SourceFilter;
import io.github.captchacallback.address.TrustedProxies;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.signature.SignatureScheme;
import io.github.captchacallback.signature.TokenText;
import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.Occupancy;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Issues signed callback URLs, and judges the callbacks that arrive at them: the one object that an application holds.
 *
 * <p>Immutable but for its store, and safe for use by several threads. Closing it closes the store that it was built with.
 *
 * <p><b>Security notes.</b> Where {@code signature.enabled} is off, or the scheme is {@code task-id}, a task must be
 * expected by {@link #issueFor(String)} before its callback can arrive.
 */
public final class CaptchaCallbacks implements AutoCloseable {

    private final CaptchaCallbacksBuilder.Parts parts;
    private final CallbackSettings settings;
    private final InstantSource clock;
    private final Notifier notifier;
    private final CallbackPath path;
    private final ParameterReader parameterReader;
    private final TrustedProxies proxies;
    private final SourceFilter sources;
    private final SignatureScheme scheme;
    private final Freshness freshness;
    private final CallbackStore store;
    private final Claim.Held claims;
    private final RefusalAnswers answers;
    private final SecureRandom random = new SecureRandom();

    CaptchaCallbacks(CaptchaCallbacksBuilder.Parts parts) {
        this.parts = parts;
        settings = parts.settings();
        clock = parts.clock();
        notifier = parts.notifier();
        path = CallbackPath.of(settings);
        parameterReader = new ParameterReader(settings);
        proxies = parts.proxies();
        sources = parts.sources();
        scheme = parts.scheme();
        freshness = Freshness.of(settings);
        store = parts.store();
        answers = new RefusalAnswers(settings);
        claims = new Claim.Held(
                store, settings.replay().enabled(), settings.replay().lease(), clock, notifier);
    }

    /** Returns a builder without any setting. */
    public static CaptchaCallbacksBuilder builder() {
        return new CaptchaCallbacksBuilder();
    }

    /**
     * Issues a callback URL for a submission, and expects its callback.
     *
     * @throws IllegalStateException where {@code public-url} is not set, or what is signed is not a reference
     * @throws CallbackStoreException where the store is full or out of reach
     */
    public IssuedCallback issue() {
        if (!bySignedReference()) {
            throw new IllegalStateException(
                    "A callback is known by its task id here: ask the service for the id first and"
                            + " call issueFor(taskId), or set signature.scheme=reference");
        }
        return issue(Reference.random(random), null);
    }

    /**
     * Issues a callback URL for a task whose id is known already, and expects its callback. This is for the {@code task-id}
     * scheme, and for callbacks without signatures; there, the id takes the reference's place.
     *
     * @param taskId the service's id of the task
     * @throws IllegalArgumentException where this is no task id
     * @throws IllegalStateException where {@code public-url} is not set, a reference is what is signed, or the task is
     *     expected already
     * @throws CallbackStoreException where the store is full or out of reach
     */
    public IssuedCallback issueFor(String taskId) {
        if (bySignedReference()) {
            throw new IllegalStateException(
                    "A callback is known by its reference here: call issue(), or set signature.scheme=task-id");
        }
        return issue(requireTaskId(taskId), taskId);
    }

    private IssuedCallback issue(String claimKey, @Nullable String taskId) {
        requirePublicUrl();
        Instant now = clock.instant();
        if (settings.pending().enabled()) {
            store.expect(claimKey, taskId, freshness.forgottenAt(now));
        }
        notifier.tell(new CallbackEvent.Issued(now, claimKey));
        return new IssuedCallback(claimKey, CallbackUrl.of(settings, scheme.issue(claimKey, now.getEpochSecond())));
    }

    /**
     * Records the task id that the service has answered a submission with. From then on no other task's callback is
     * accepted for the reference. Binding the same id again changes nothing.
     *
     * @param reference the submission's reference
     * @param taskId the service's id of the task
     * @throws IllegalArgumentException where this is no task id
     * @throws IllegalStateException where a callback with another id came before, or the reference is not expected, or no
     *     longer
     * @throws CallbackStoreException where the store is out of reach
     */
    public void bind(String reference, String taskId) {
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
                            + " longer than captcha.callback.freshness.ttl, or was abandoned");
        }
        notifier.tell(new CallbackEvent.Bound(clock.instant(), reference, taskId));
    }

    /**
     * Stops expecting a callback, after its submission has failed. A callback that was claimed meanwhile stays claimed.
     *
     * @throws CallbackStoreException where the store is out of reach
     */
    public void abandon(String reference) {
        if (store.abandon(reference)) {
            notifier.tell(new CallbackEvent.Abandoned(clock.instant(), reference));
        }
    }

    /**
     * Issues a URL, submits a task with it, and binds the task id that the service answers with; stops expecting the
     * callback where the submission fails. A callback that arrives before the service's answer is accepted, so whatever is
     * to be found by its reference is best put down inside the submission, before the service is called.
     *
     * @param submission sends the URL to the service
     * @param <E> what the submission throws
     * @return the task's id, and what was issued for it
     * @throws E where the submission fails
     * @throws IllegalArgumentException where what the submission returns is no task id
     * @throws IllegalStateException as {@link #issue()} and {@link #bind(String, String)} do
     * @throws CallbackStoreException where the store is full or out of reach
     */
    public <E extends Exception> SubmittedTask submit(Submission<E> submission) throws E {
        IssuedCallback issued = issue();
        String taskId;
        try {
            taskId = requireTaskId(
                    Objects.requireNonNull(submission.submit(issued), "The submission returned no task id"));
        } catch (Throwable e) {
            abandonAfter(e, issued.reference());
            throw e;
        }
        bind(issued.reference(), taskId);
        return new SubmittedTask(taskId, issued);
    }

    /** Abandons after a failure, which the caller is to see and not what the store may say to it. */
    private void abandonAfter(Throwable failure, String reference) {
        try {
            abandon(reference);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Sends a task to the service.
     *
     * @param <E> what it throws where that fails
     */
    @FunctionalInterface
    public interface Submission<E extends Exception> {

        /**
         * Sends a task.
         *
         * @param issued its URL is what goes out as pingback
         * @return the service's id of the task
         * @throws E where the service was not reached or refused
         */
        String submit(IssuedCallback issued) throws E;
    }

    /** Says whether a request is for the callback endpoint, in whatever spelling of its path; others are not judged. */
    public boolean covers(CallbackRequest request) {
        return path.covers(request.path());
    }

    /**
     * Returns callbacks with the same settings, keys and store under another clock, for tests and demonstrations of what
     * time does. They need not be closed.
     */
    public CaptchaCallbacks withClock(InstantSource otherClock) {
        return new CaptchaCallbacks(parts.withClock(otherClock));
    }

    /** Returns the clock by which callbacks are issued and judged; it never goes back. */
    public InstantSource clock() {
        return clock;
    }

    /** Returns the settings that are in force. */
    public CallbackSettings settings() {
        return settings;
    }

    /**
     * Says how full the store is, for those who watch it.
     *
     * @return empty where the store cannot say it
     * @throws CallbackStoreException where the store is out of reach, whatever it throws itself
     */
    public Optional<Occupancy> occupancy() {
        try {
            return store.occupancy();
        } catch (CallbackStoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CallbackStoreException("The store failed", e);
        }
    }

    /**
     * Judges a request for the callback endpoint. An accepted callback is claimed for the caller, who settles or releases
     * the claim. Nothing that a client sends makes this throw.
     */
    public Verdict verify(CallbackRequest request) {
        long started = notifier.start();
        Instant now = clock.instant();
        if (!settings.methods().contains(request.method())) {
            return refuse(Refusal.METHOD_NOT_ALLOWED, now, null, null, started);
        }
        Origin origin = proxies.origin(request.remoteAddress(), request.secure(), request::headers);
        if (settings.requireHttps() && !origin.secure()) {
            return refuse(Refusal.HTTPS_REQUIRED, now, null, origin, started);
        }
        if (!sources.permits(origin.address())) {
            return refuse(Refusal.SOURCE_NOT_ALLOWED, now, null, origin, started);
        }
        CallbackParameters parameters = path.isPlain(request.path()) ? parameterReader.read(request) : null;
        Proof proof = parameters == null ? null : proof(request, parameters);
        if (parameters == null || proof == null) {
            return refuse(Refusal.MALFORMED, now, null, origin, started);
        }
        if (!proof.authentic()) {
            return refuse(Refusal.INVALID_SIGNATURE, now, null, origin, started);
        }
        if (!freshness.admits(proof.issuedAt(), now)) {
            return refuse(Refusal.EXPIRED, now, proof, origin, started);
        }
        return claim(parameters, proof, now, origin, started);
    }

    private @Nullable Proof proof(CallbackRequest request, CallbackParameters parameters) {
        String inPath = path.token(request.path());
        return scheme.read(
                inPath == null ? parameters.token() : TokenText.of(inPath),
                parameters.timestamp(),
                parameters.taskId());
    }

    private Verdict claim(CallbackParameters parameters, Proof proof, Instant now, Origin origin, long started) {
        Callback callback =
                new Callback(parameters.taskId(), parameters.code(), proof.claimKey(), proof.issuedAt(), now);
        long lease = ThreadLocalRandom.current().nextLong();
        ClaimOutcome outcome;
        try {
            outcome = remembersNothing() ? ClaimOutcome.CLAIMED : store.claim(claimRequest(callback, lease));
        } catch (RuntimeException e) {
            // A store of the application's own may throw what its driver throws, and is out of reach all the same.
            boolean told = e instanceof CallbackStoreException;
            notifier.tell(new CallbackEvent.StoreFailed(now, told ? String.valueOf(e.getMessage()) : e.toString()));
            return refuse(Refusal.UNAVAILABLE, now, proof, origin, started);
        }
        return switch (outcome) {
            case CLAIMED -> accept(callback, lease, proof, started);
            case UNKNOWN -> refuse(Refusal.UNKNOWN_TASK, now, proof, origin, started);
            case ALREADY_CLAIMED -> refuse(Refusal.ALREADY_PROCESSED, now, proof, origin, started);
            case REPEATED -> repeat(callback, proof, origin, started);
        };
    }

    private ClaimRequest claimRequest(Callback callback, long lease) {
        Instant now = callback.receivedAt();
        Instant issuedAt = callback.issuedAt();
        return new ClaimRequest(
                callback.reference(),
                callback.taskId(),
                fingerprint(callback.code()),
                lease,
                now.plus(settings.replay().lease()),
                freshness.forgottenAt(issuedAt == null ? now : issuedAt),
                settings.pending().enabled(),
                settings.replay().enabled());
    }

    private Verdict accept(Callback callback, long lease, Proof proof, long started) {
        String keyId = proof.keyId();
        notifier.tell(new CallbackEvent.Accepted(
                callback.receivedAt(),
                callback.reference(),
                callback.taskId(),
                keyId,
                settings.signature().activeKey().equals(keyId),
                notifier.since(started)));
        return new Verdict.Accepted(callback, new Claim(claims, callback.reference(), lease));
    }

    private Verdict repeat(Callback callback, Proof proof, Origin origin, long started) {
        if (settings.replay().duplicates() != CallbackSettings.Duplicates.OK) {
            return refuse(Refusal.ALREADY_PROCESSED, callback.receivedAt(), proof, origin, started);
        }
        notifier.tell(new CallbackEvent.Repeated(
                callback.receivedAt(), callback.reference(), proof.keyId(), notifier.since(started)));
        return new Verdict.Repeated(callback, CallbackAnswer.ok());
    }

    private Verdict refuse(
            Refusal refusal, Instant now, @Nullable Proof verified, @Nullable Origin origin, long started) {
        // Where nothing is signed, what is called verified is made up as easily as the rest.
        Proof signed = verified == null || verified.keyId() == null ? null : verified;
        if (signed == null && notifier.onlyCountsForgery(now)) {
            return answers.verdict(refusal);
        }
        notifier.tell(new CallbackEvent.Refused(
                now,
                refusal,
                signed == null ? null : signed.claimKey(),
                signed == null ? null : signed.keyId(),
                origin == null ? null : origin.client(),
                notifier.since(started)));
        return answers.verdict(refusal);
    }

    /** Returns what a refusal is answered with under these settings. */
    public CallbackAnswer answer(Refusal refusal) {
        return answers.verdict(refusal).answer();
    }

    private boolean bySignedReference() {
        return settings.signature().enabled() && settings.signature().scheme() == CallbackSettings.Scheme.REFERENCE;
    }

    private boolean remembersNothing() {
        return !settings.pending().enabled() && !settings.replay().enabled();
    }

    private void requirePublicUrl() {
        if (settings.publicUrl() == null) {
            throw new IllegalStateException("captcha.callback.public-url is not set, and issuing needs it");
        }
    }

    private static String requireTaskId(String taskId) {
        if (!TaskId.isValid(taskId)) {
            throw new IllegalArgumentException("A task id has 1 to 128 letters, digits, '.', '_', ':' and '-'");
        }
        return taskId;
    }

    /** A digest is enough to tell a repeat by, and answers are not kept; where all repeats are alike, nothing is. */
    private String fingerprint(String code) {
        return settings.replay().duplicates() == CallbackSettings.Duplicates.OK ? DigestUtils.sha256Hex(code) : "";
    }

    /** Closes the store. */
    @Override
    public void close() {
        store.close();
    }
}
