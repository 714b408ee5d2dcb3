package io.github.captchacallback.delivery;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Claim;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.Refusal;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands accepted callbacks to a {@link CallbackHandler} on other threads, so that the service has its answer at once. This is
 * for stores that keep no answers: a crash loses what waits and what runs.
 *
 * <p>The claim is settled when the handler returns and released when it throws. A callback whose turn comes after another
 * has claimed it is left to that one. Closing waits for what was taken on. Safe for use by several threads.
 */
final class BackgroundDelivery implements Delivery {

    static final int QUEUE_CAPACITY = 1_000;

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CaptchaCallbacks callbacks;
    private final CallbackHandler handler;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;

    /** Has one permit out for each callback that was taken on and is not handled yet. */
    private final Semaphore open = new Semaphore(Integer.MAX_VALUE);

    /** Makes a delivery with threads and a bounded queue of its own, which closing ends. */
    BackgroundDelivery(CaptchaCallbacks callbacks, CallbackHandler handler) {
        this.callbacks = callbacks;
        this.handler = handler;
        this.ownExecutor = HandlerThreads.bounded(QUEUE_CAPACITY);
        this.executor = ownExecutor;
    }

    /**
     * Makes a delivery on threads of the application's own. Closing waits for what they were given, and lets them be; so it
     * is to be closed before the executor is shut down.
     *
     * @param executor rejects what it cannot take on, with {@link RejectedExecutionException}
     */
    BackgroundDelivery(CaptchaCallbacks callbacks, CallbackHandler handler, Executor executor) {
        this.callbacks = callbacks;
        this.handler = handler;
        this.ownExecutor = null;
        this.executor = executor;
    }

    @Override
    public Verdict judge(CallbackRequest request) {
        return callbacks.verify(request);
    }

    /** Does nothing: nothing is kept that could be due. */
    @Override
    public void start() {}

    @Override
    public String description() {
        return "a handler takes them, and a crash loses those that wait for it, because "
                + (callbacks.settings().replay().enabled()
                        ? "the store keeps no answers: use one that is a CallbackInbox"
                        : "replay.enabled is off");
    }

    /** Takes on an accepted callback, and returns what to answer: 200, or 503 if the queue is full. */
    @Override
    public CallbackAnswer deliver(Verdict.Accepted accepted) {
        open.acquireUninterruptibly();
        try {
            executor.execute(() -> {
                try {
                    handle(accepted);
                } finally {
                    open.release();
                }
            });
            return CallbackAnswer.ok();
        } catch (Throwable e) {
            // A thread that cannot be made is an error; the callback must not stay claimed for it.
            open.release();
            if (!(e instanceof RejectedExecutionException)) {
                LOG.error("The executor failed, and is taken for full", e);
            }
            release(accepted.claim());
            return callbacks.answer(Refusal.UNAVAILABLE);
        }
    }

    private void handle(Verdict.Accepted accepted) {
        String reference = accepted.callback().reference();
        Claim claim = accepted.claim();
        try {
            if (!claim.renew()) {
                LOG.info(
                        "The callback of reference {} waited longer than its lease, and another has claimed it",
                        reference);
                return;
            }
            if (handled(accepted)) {
                claim.settle();
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "The callback of reference {} was answered OK and is not settled, because the store failed: {}. If its"
                            + " handler has not run, fetch the result of task {} from the service",
                    reference,
                    e.toString(),
                    accepted.callback().taskId());
        }
    }

    /** Has the callback handled, and gives the claim back where that fails, be it for a store that the handler uses. */
    private boolean handled(Verdict.Accepted accepted) {
        try {
            handler.handle(accepted.callback());
            return true;
        } catch (Throwable e) {
            release(accepted.claim());
            LOG.error(
                    "The handler failed on the callback of reference {}, which may come again",
                    accepted.callback().reference(),
                    e);
            if (e instanceof Error error) {
                throw error;
            }
            return false;
        }
    }

    private static void release(Claim claim) {
        try {
            claim.release();
        } catch (RuntimeException e) {
            LOG.warn("A claim could not be given back, and ends with its lease: {}", e.toString());
        }
    }

    /**
     * Waits, at most 30 seconds, until what was taken on is handled. With threads of its own it takes on nothing more. An
     * executor of the application's that was shut down before is not waited for: what it has not run it never will.
     */
    @Override
    public void close() {
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
        try {
            if (!isShutDownByItsOwner() && !isDrained()) {
                LOG.warn(
                        "{} callbacks were not handled in time; they may come again",
                        Integer.MAX_VALUE - open.availablePermits());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ownExecutor != null) {
            ownExecutor.shutdownNow();
        }
    }

    private boolean isShutDownByItsOwner() {
        return ownExecutor == null && executor instanceof ExecutorService service && service.isTerminated();
    }

    private boolean isDrained() throws InterruptedException {
        boolean drained = open.tryAcquire(Integer.MAX_VALUE, DRAIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        if (drained) {
            open.release(Integer.MAX_VALUE);
        }
        return drained;
    }
}
