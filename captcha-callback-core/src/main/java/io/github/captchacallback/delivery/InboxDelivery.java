package io.github.captchacallback.delivery;

import io.github.captchacallback.Attempt;
import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Inbox;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.CallbackRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands callbacks to a handler until it succeeds, and keeps each answer in the store meanwhile. The answer is kept in the step
 * that claims the callback, so the service is answered 200 whatever happens afterwards.
 *
 * <p>A callback that has just arrived is handled at once if the executor takes it. Everything else comes from the store, a
 * bounded number at once: what failed, what the executor rejected, and what another node has left behind. Safe for use by
 * several threads.
 */
final class InboxDelivery implements Delivery {

    /** The most attempts at once that were taken from the store: after a restart, everything is due at the same time. */
    static final int TAKEN_AT_ONCE = 16;

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CaptchaCallbacks callbacks;
    private final Inbox inbox;
    private final CallbackHandler handler;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;
    private final RetryPolicy policy;
    private final Duration lease;
    private final DoubleSupplier random;
    private final StoreTrouble trouble = new StoreTrouble();

    /** What this process has a lease on. It is notified when something ends. */
    private final Set<Work> works = ConcurrentHashMap.newKeySet();

    private final Object monitor = new Object();
    private @Nullable ScheduledThreadPoolExecutor rounds;
    private @Nullable ScheduledThreadPoolExecutor renewals;
    private volatile boolean started;

    /** Whether more is due than was taken, so that the next success takes it at once. */
    private volatile boolean more;

    /** Whether the executor had no room last. */
    private volatile boolean rejected;

    private volatile boolean closing;

    /**
     * Makes a delivery that takes nothing from the store before {@link #start()}.
     *
     * @param executor runs the handler, and rejects what it cannot take
     * @param ownExecutor the same, if closing ends it; null if it is the application's own
     * @param random numbers from 0 to 1
     */
    InboxDelivery(
            CaptchaCallbacks callbacks,
            Inbox inbox,
            CallbackHandler handler,
            Executor executor,
            @Nullable ExecutorService ownExecutor,
            DoubleSupplier random) {
        this.callbacks = callbacks;
        this.inbox = inbox;
        this.handler = handler;
        this.executor = executor;
        this.ownExecutor = ownExecutor;
        this.policy = new RetryPolicy(callbacks.settings().delivery(), random);
        this.lease = callbacks.settings().replay().lease();
        this.random = random;
    }

    @Override
    public Verdict judge(CallbackRequest request) {
        return inbox.accept(request);
    }

    @Override
    public CallbackAnswer deliver(Verdict.Accepted accepted) {
        handOver(new Work(inbox.firstAttempt(accepted), false));
        return CallbackAnswer.ok();
    }

    @Override
    public String description() {
        return "a handler takes them, and their answers are kept until it has succeeded"
                + (inbox.outlivesProcess() ? "" : ", in the memory of this process");
    }

    // ---- rounds

    @Override
    public void start() {
        if (started) {
            return;
        }
        synchronized (monitor) {
            if (started || closing) {
                return;
            }
            started = true;
            // Nodes that start together do not ask at the same moment.
            long first = Math.round(ROUND.toMillis() * random.getAsDouble());
            rounds = every(first, ROUND.toMillis(), this::round);
            long third = Math.max(1, lease.toMillis() / 3);
            // Of its own: an executor may run a handler in the thread that hands it over.
            renewals = every(third, third, this::renewLeases);
        }
    }

    private static ScheduledThreadPoolExecutor every(long initialMillis, long millis, Runnable task) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "captcha-callback-delivery");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = timer.scheduleWithFixedDelay(logged(task), initialMillis, millis, TimeUnit.MILLISECONDS);
        return timer;
    }

    /** What a round throws would end all further ones. */
    private static Runnable logged(Runnable round) {
        return () -> {
            try {
                round.run();
            } catch (Throwable e) {
                LOG.error("A round of the delivery failed, and the next one follows. This is a bug: report it", e);
            }
        };
    }

    /** Ends what could not be ended before, and takes what is due. */
    void round() {
        if (!trouble.passes() && endAgain()) {
            takeDue();
        }
    }

    /** Ends attempts whose end the store did not take, and reports whether it has taken all. */
    private boolean endAgain() {
        for (Work work : works) {
            BooleanSupplier ending = work.ending();
            if (ending != null && !end(work, ending)) {
                return false;
            }
        }
        return true;
    }

    /** Takes as many due answers as may be handled at once, and returns how many the executor has accepted. */
    int takeDue() {
        int room = TAKEN_AT_ONCE - (int) works.stream().filter(Work::isTaken).count();
        // If the executor was full, one answer is enough to see whether it still is.
        int free = rejected ? Math.min(1, room) : room;
        if (free <= 0 || (closing && inbox.outlivesProcess())) {
            return 0;
        }
        List<Attempt> attempts;
        try {
            attempts = inbox.take(free);
            trouble.over();
        } catch (RuntimeException e) {
            trouble.failed("callbacks that are due were not taken", e);
            return 0;
        }
        more = attempts.size() == free;
        int accepted = 0;
        for (Attempt attempt : attempts) {
            Work work = new Work(attempt, true);
            if (policy.allows(attempt.number())) {
                accepted += handOver(work) ? 1 : 0;
            } else {
                works.add(work);
                bury(work, "the process of its last attempt ended or stalled before the handler ended");
            }
        }
        return accepted;
    }

    /** Renews the leases of what waits and what runs, well before they are over. */
    void renewLeases() {
        for (Work work : works) {
            if (work.needsLease() && !renew(work)) {
                return;
            }
        }
    }

    /** Renews a lease, and reports whether the store has answered. */
    private boolean renew(Work work) {
        try {
            if (!work.attempt().renew() && work.needsLease()) {
                work.lose();
                LOG.warn(
                        "The lease of the callback of reference {} was over before it was renewed, and another node has it. It may be"
                                + " handled twice. If this happens again, make replay.lease longer than this process or its store"
                                + " pauses",
                        work.reference());
            }
            return true;
        } catch (RuntimeException e) {
            trouble.failed("the lease of the callback of reference " + work.reference() + " was not renewed", e);
            return false;
        }
    }

    // ---- attempts

    /** Gives work to the executor, and reports whether it has room. If not, the answer is due for whoever has. */
    private boolean handOver(Work work) {
        works.add(work);
        if (closing && inbox.outlivesProcess()) {
            giveBack(work);
            return false;
        }
        try {
            executor.execute(() -> attempt(work));
            rejected = false;
            return true;
        } catch (Throwable e) {
            if (!(e instanceof RejectedExecutionException)) {
                LOG.error("The executor failed, and is treated as full", e);
            }
            rejected = true;
            more = true;
            giveBack(work);
            return false;
        }
    }

    private void giveBack(Work work) {
        if (work.giveBack()) {
            end(work, work.attempt()::release);
        }
    }

    private void attempt(Work work) {
        if (!work.begin()) {
            return;
        }
        if (!isOurs(work)) {
            done(work);
            return;
        }
        Throwable failure = handle(work.attempt().callback());
        if (failure == null) {
            end(work, work.attempt()::settle);
            if (more) {
                takeMoreSoon();
            }
            return;
        }
        failed(work, failure);
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** Reports whether nobody else can have taken the answer while the work waited for its thread. */
    private boolean isOurs(Work work) {
        if (work.isLost()) {
            return false;
        }
        if (work.attempt().isLeased()) {
            return true;
        }
        return renew(work) && !work.isLost();
    }

    private @Nullable Throwable handle(Callback callback) {
        try {
            handler.handle(callback);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private void failed(Work work, Throwable failure) {
        Attempt attempt = work.attempt();
        if (closing && isInterruption(failure)) {
            // The shutdown interrupts, which is no failure of the handler.
            end(work, attempt::release);
            return;
        }
        DoNotRetryException refusal = refusal(failure);
        if (refusal != null) {
            bury(work, "the handler refused it: " + messageOf(refusal, attempt.callback()));
            return;
        }
        String reason = "the handler threw " + failure.getClass().getName();
        Optional<Duration> after = policy.after(attempt.number(), attempt.age());
        LOG.warn(
                "Attempt {} to handle the callback of reference {} failed; {}",
                attempt.number(),
                attempt.callback().reference(),
                after.map(delay -> "it is repeated in " + delay.toMillis() + " ms")
                        .orElse("it is not repeated"),
                failure);
        if (after.isPresent()) {
            end(work, () -> attempt.retry(after.get(), reason));
        } else {
            bury(work, reason + ", and " + policy.bound(attempt.number()));
        }
    }

    /** Clears the interruption, so that the store can be asked. */
    private static boolean isInterruption(Throwable failure) {
        return Thread.interrupted() || failure instanceof InterruptedException;
    }

    /** Frameworks wrap what a handler throws. */
    private static @Nullable DoNotRetryException refusal(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof DoNotRetryException refusal) {
                return refusal;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** The message is stored and shown, so one that quotes the solution is left out. */
    private static String messageOf(DoNotRetryException refusal, Callback callback) {
        String message = String.valueOf(refusal.getMessage());
        return callback.solved() && message.contains(callback.solution())
                ? "its message contains the solution, and is not shown"
                : message;
    }

    private void bury(Work work, String reason) {
        end(work, () -> work.attempt().bury(reason));
    }

    // ---- ends

    /** Ends an attempt in the store, and reports whether the store has answered. If not, a later round tries again. */
    private boolean end(Work work, BooleanSupplier ending) {
        // A round must not end what this thread is just ending: it would be told twice.
        synchronized (work) {
            if (!work.isLost() && works.contains(work)) {
                work.endBy(ending);
                try {
                    if (!ending.getAsBoolean()) {
                        LOG.info(
                                "The callback of reference {} was taken by another node before its attempt here ended",
                                work.reference());
                    }
                } catch (RuntimeException e) {
                    trouble.failed(
                            "the end of an attempt on the callback of reference " + work.reference() + " waits", e);
                    return false;
                }
            }
            done(work);
            return true;
        }
    }

    private void done(Work work) {
        works.remove(work);
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }

    private void takeMoreSoon() {
        synchronized (monitor) {
            if (rounds != null && !rounds.isShutdown()) {
                rounds.execute(logged(this::takeDue));
            }
        }
    }

    // ---- shutdown

    /**
     * Takes nothing more, waits at most 30 seconds for what runs, and gives back what waits. If nobody else can deliver what is
     * kept, what is due is handled as well.
     */
    @Override
    public void close() {
        closing = true;
        boolean elsewhere = inbox.outlivesProcess() || isShutDownByItsOwner();
        if (elsewhere) {
            giveBackWaiting();
        }
        try {
            awaitHandlers(DRAIN_TIMEOUT, !elsewhere);
            giveBackWaiting();
            if (ownExecutor != null) {
                ownExecutor.shutdownNow();
                awaitHandlers(GRACE, false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveBackWaiting();
        }
        synchronized (monitor) {
            if (rounds != null && renewals != null) {
                rounds.shutdownNow();
                renewals.shutdownNow();
            }
        }
        if (ownExecutor != null) {
            ownExecutor.shutdownNow();
        }
        reportLeft();
    }

    private void giveBackWaiting() {
        works.forEach(this::giveBack);
    }

    /** Waits until nothing waits or runs here, and handles what is due if that is asked for. */
    private void awaitHandlers(Duration timeout, boolean drain) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (isBusy() || (drain && takeDue() > 0)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            synchronized (monitor) {
                if (isBusy()) {
                    monitor.wait(Math.min(left, ROUND.toMillis()));
                }
            }
        }
    }

    /** Reports whether anything waits or runs. An end that the store did not take is no reason to wait. */
    private boolean isBusy() {
        return !isShutDownByItsOwner() && works.stream().anyMatch(work -> work.ending() == null);
    }

    private boolean isShutDownByItsOwner() {
        return ownExecutor == null && executor instanceof ExecutorService service && service.isTerminated();
    }

    private void reportLeft() {
        boolean ended = endAgain();
        if (!works.isEmpty()) {
            LOG.warn(
                    "{} callbacks were not handled before the shutdown{}. Each is due again when its lease is over",
                    works.size(),
                    ended ? "" : ", or the store did not take their ends");
        }
        if (!inbox.outlivesProcess()) {
            long lost = kept();
            if (lost > 0) {
                LOG.warn(
                        "{} answers that were not delivered end with this process, because the store is in memory. Fetch their"
                                + " results from the service, or use a store that outlives the process",
                        lost);
            }
        }
    }

    private long kept() {
        try {
            return callbacks
                    .store()
                    .inboxDepth()
                    .map(depth -> depth.inProgress() + depth.waiting() + depth.due() + depth.dead())
                    .orElse(0L);
        } catch (RuntimeException e) {
            return 0;
        }
    }
}
