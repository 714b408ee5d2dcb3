package io.github.captchacallback;

import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.protocol.Verification;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CallbackStoreException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Issues signed callback URLs, and judges the callbacks that arrive at them: the one object that an application needs.
 *
 * <p>Immutable but for its store, and safe for use by several threads. Closing it closes the store that it was built with.
 *
 * <p><b>Security notes.</b> If {@code signature.enabled} is off, or the scheme is {@code task-id}, a task must be expected by
 * {@link #issueFor(String)} before its callback can arrive.
 */
public final class CaptchaCallbacks implements AutoCloseable {

    /** The name of the one logger that everything here writes to. */
    public static final String LOGGER = "io.github.captchacallback";

    private final CaptchaCallbacksBuilder.Parts parts;
    private final Verification verification;
    private final Issuer issuer;
    private final Judge judge;
    private final Optional<Inbox> inbox;
    private final StoreWatch watch;

    CaptchaCallbacks(CaptchaCallbacksBuilder.Parts parts) {
        this.parts = parts;
        CallbackSettings settings = parts.settings();
        verification = new Verification(settings, parts.scheme(), parts.sources(), parts.clock());
        issuer = new Issuer(settings, parts.scheme(), parts.store(), parts.clock(), parts.notifier());
        UnclearClaims unclear = new UnclearClaims(parts.store(), parts.background(), parts.clock());
        Claims claims = new Claims(parts.store(), settings, parts.clock(), parts.notifier(), unclear);
        judge = new Judge(settings, verification, claims, parts.notifier(), parts.clock());
        watch = new StoreWatch(
                parts.store(), parts.clock(), settings.freshness().clockSkew());
        inbox = Claims.inbox(parts.store(), settings)
                .map(store -> new Inbox(store, settings, parts.clock(), parts.notifier(), judge));
    }

    /** Looks after the store until it is closed. */
    void watchStore() {
        watch.start(parts.background());
    }

    /** Returns a builder without any setting. */
    public static CaptchaCallbacksBuilder builder() {
        return new CaptchaCallbacksBuilder();
    }

    /**
     * Issues a callback URL for a submission, and expects its callback.
     *
     * @throws IllegalStateException if {@code public-url} is not set, or what is signed is not a reference
     * @throws CallbackStoreException if the store is full or unavailable
     */
    public IssuedCallback issue() {
        return issuer.issue();
    }

    /**
     * Issues a callback URL for a task whose id is known already, and expects its callback. This is for the {@code task-id}
     * scheme, and for callbacks without signatures; there, the id takes the reference's place.
     *
     * @param taskId the service's id of the task
     * @throws IllegalArgumentException if this is no task id
     * @throws IllegalStateException if {@code public-url} is not set, a reference is what is signed, or the task is already
     *     expected
     * @throws CallbackStoreException if the store is full or unavailable
     */
    public IssuedCallback issueFor(String taskId) {
        return issuer.issueFor(taskId);
    }

    /**
     * Records the task id that the service has answered a submission with. From then on no other task's callback is
     * accepted for the reference. Binding the same id again changes nothing.
     *
     * @param reference the submission's reference
     * @param taskId the service's id of the task
     * @throws IllegalArgumentException if this is no task id
     * @throws IllegalStateException if a callback with another id came before, or the reference is not expected, or no
     *     longer
     * @throws CallbackStoreException if the store is unavailable
     */
    public void bind(String reference, String taskId) {
        issuer.bind(reference, taskId);
    }

    /**
     * Stops expecting a callback, after the service has refused its task. A callback that was claimed meanwhile stays claimed.
     *
     * @throws CallbackStoreException if the store is unavailable
     */
    public void abandon(String reference) {
        issuer.abandon(reference);
    }

    /**
     * Issues a URL, submits a task with it, and binds the task id that the service answers with. A callback that arrives before
     * the service's answer is accepted, so save whatever is to be found by its reference inside the submission, before you call
     * the service.
     *
     * <p>If the submission throws a {@link TaskRefusedException}, its callback is no longer expected. After any other failure it
     * still is, because the task may exist and be paid for; a warning names the reference.
     *
     * @param submission sends the URL to the service
     * @param <E> what the submission throws
     * @return the task's id, and what was issued for it
     * @throws E if the submission fails
     * @throws IllegalArgumentException if what the submission returns is no task id
     * @throws IllegalStateException as {@link #issue()} and {@link #bind(String, String)} do
     * @throws CallbackStoreException if the store is full or unavailable
     */
    public <E extends Exception> SubmittedTask submit(Submission<E> submission) throws E {
        return issuer.submit(submission);
    }

    /** Reports whether a request is for the callback endpoint, whatever the spelling of its path; others are not judged. */
    public boolean covers(CallbackRequest request) {
        return verification.covers(request);
    }

    /**
     * Reports whether a request could be for both endpoints: their paths are the same, one is below the other, or they differ
     * only in case. Two such endpoints cannot be guarded in one application.
     */
    public boolean overlaps(CaptchaCallbacks other) {
        return verification.overlaps(other.verification);
    }

    /**
     * Returns callbacks with the same settings, keys and store by another clock, for tests and demonstrations of what
     * time does. They need not be closed.
     */
    public CaptchaCallbacks withClock(InstantSource otherClock) {
        return new CaptchaCallbacks(parts.withClock(otherClock));
    }

    /** Returns the clock by which callbacks are issued and judged. */
    public InstantSource clock() {
        return parts.clock();
    }

    /** Returns the settings that are in force. */
    public CallbackSettings settings() {
        return parts.settings();
    }

    /** Returns how the store is, for those who watch it. */
    public StoreView store() {
        return new StoreView(parts.store(), settings(), watch);
    }

    /** Returns the answers that the store keeps; empty if it keeps none, or {@code replay.enabled} is off. */
    public Optional<Inbox> inbox() {
        return inbox;
    }

    /** Returns the answers whose delivery was given up; empty if there is no {@link #inbox()}. */
    public Optional<DeadLetters> deadLetters() {
        return Claims.inbox(parts.store(), settings())
                .map(store -> new DeadLetters(store, settings(), clock(), parts.notifier()));
    }

    /**
     * Judges a request for the callback endpoint. An accepted callback is claimed for the caller, who settles or releases
     * the claim. Nothing that a client sends makes this throw.
     */
    public Verdict verify(CallbackRequest request) {
        return judge.judge(request);
    }

    /** Returns what a refusal is answered with under these settings. */
    public CallbackAnswer answer(Refusal refusal) {
        return judge.answer(refusal);
    }

    /** Returns path, methods, key ids, store, HTTPS and allowlist in one line, and no secret. */
    @Override
    public String toString() {
        return new StartReport(parts.settings(), parts.store()).toString();
    }

    /** Ends what runs in the background, and closes the store. */
    @Override
    public void close() {
        parts.background().close();
        parts.store().close();
    }
}
