package io.github.captchacallback.delivery;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Inbox;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackRequest;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the requests of one callback path: the one object that an adapter calls. It decides whether a genuine callback
 * is passed on to an endpoint of the application or taken by its {@link CallbackHandler}.
 *
 * <p>Closing it waits for the callbacks that the handler has taken, and closes the callbacks. Safe for use by several threads.
 */
public final class CallbackEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final Step PASS_BY = new Step.PassBy();

    /** What waits here is renewed, so it is short; what does not fit is kept in the store. */
    private static final int INBOX_QUEUE = 100;

    private final CaptchaCallbacks callbacks;
    private final AtomicBoolean announced = new AtomicBoolean();

    /** Takes genuine callbacks; null if the application has an endpoint of its own. */
    private final @Nullable Delivery delivery;

    private CallbackEndpoint(CaptchaCallbacks callbacks, @Nullable Delivery delivery) {
        this.callbacks = callbacks;
        this.delivery = delivery;
    }

    /** Returns the guard of an endpoint of the application's own. */
    public static CallbackEndpoint of(CaptchaCallbacks callbacks) {
        return new CallbackEndpoint(callbacks, null);
    }

    /**
     * Returns an endpoint whose callbacks a handler takes, on up to four threads of its own with a bounded queue.
     *
     * <p>If the store is a {@link io.github.captchacallback.store.CallbackInbox} and {@code replay.enabled} is on, the answer is
     * kept before the service is answered with 200, and the handler is tried again until it succeeds or {@code delivery.*}
     * gives up. Otherwise a callback waits in memory, and a full queue is answered with 503.
     */
    public static CallbackEndpoint of(CaptchaCallbacks callbacks, CallbackHandler handler) {
        return new CallbackEndpoint(
                callbacks,
                callbacks
                        .inbox()
                        .map(inbox -> inboxDelivery(callbacks, inbox, handler, HandlerThreads.bounded(INBOX_QUEUE)))
                        .orElseGet(() -> new BackgroundDelivery(callbacks, handler)));
    }

    private static Delivery inboxDelivery(
            CaptchaCallbacks callbacks, Inbox inbox, CallbackHandler handler, ExecutorService own) {
        return new InboxDelivery(callbacks, inbox, handler, own, own, Math::random);
    }

    /**
     * Returns an endpoint whose callbacks a handler takes, on threads of the application's own. Close it before the executor
     * is shut down.
     *
     * @param executor rejects what it cannot take with {@link RejectedExecutionException}; if the answer is kept, it is handled
     *     later, and otherwise the service is answered with 503 and can send the callback again
     */
    public static CallbackEndpoint of(CaptchaCallbacks callbacks, CallbackHandler handler, Executor executor) {
        return new CallbackEndpoint(
                callbacks,
                callbacks
                        .inbox()
                        .<Delivery>map(
                                inbox -> new InboxDelivery(callbacks, inbox, handler, executor, null, Math::random))
                        .orElseGet(() -> new BackgroundDelivery(callbacks, handler, executor)));
    }

    /** Returns what issues the URLs of this endpoint. */
    public CaptchaCallbacks callbacks() {
        return callbacks;
    }

    /** Returns the guarded path, context path included. */
    public String path() {
        return callbacks.settings().path();
    }

    /** Reports whether a handler takes the callbacks, so that they do not reach an endpoint of the application. */
    public boolean hasHandler() {
        return delivery != null;
    }

    /** Logs once what is guarded. An adapter calls it when its guard is in place, so that the line is true. */
    public void announce() {
        if (!announced.getAndSet(true)) {
            LOG.info(
                    "Callbacks are verified at {}{}", callbacks, delivery == null ? "" : "; " + delivery.description());
        }
    }

    /**
     * Begins to deliver answers that were kept before, by this process or another. An adapter calls it when the application is
     * ready to handle callbacks; the first request does it as well. Repeating it changes nothing.
     */
    public void start() {
        if (delivery != null) {
            delivery.start();
        }
    }

    /** Reports whether a request is for this endpoint, whatever the spelling of its path. */
    public boolean covers(CallbackRequest request) {
        return callbacks.covers(request);
    }

    /** Judges a request, and returns what to do with it. Nothing that a client sends makes this throw. */
    public Step receive(CallbackRequest request) {
        if (!covers(request)) {
            return PASS_BY;
        }
        start();
        Verdict verdict = delivery == null ? callbacks.verify(request) : delivery.judge(request);
        if (verdict instanceof Verdict.Accepted accepted) {
            return delivery == null
                    ? new Step.PassOn(accepted.callback(), accepted.parameters(), accepted.claim())
                    : new Step.Answer(delivery.deliver(accepted), verdict);
        }
        return verdict instanceof Verdict.Repeated repeated
                ? new Step.Answer(repeated.answer(), verdict)
                : new Step.Answer(((Verdict.Refused) verdict).answer(), verdict);
    }

    /** Waits, at most 30 seconds, for what the handler has taken, gives back what waits, and closes the callbacks. */
    @Override
    public void close() {
        try (callbacks) {
            if (delivery != null) {
                delivery.close();
            }
        }
    }

    /** Returns the path. */
    @Override
    public String toString() {
        return "CallbackEndpoint[" + path() + "]";
    }
}
