package io.github.captchacallback;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other on a daemon thread, which is started by the first of them: most applications need none.
 * Safe for use by several threads.
 */
final class BackgroundThread implements Later, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private @Nullable ScheduledExecutorService executor;
    private boolean closed;

    @Override
    public synchronized void run(Duration delay, Runnable task) {
        if (closed) {
            return;
        }
        if (executor == null) {
            executor = new ScheduledThreadPoolExecutor(1, BackgroundThread::thread);
        }
        Future<?> unused = executor.schedule(() -> runLogged(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nobody looks at a task's result, and what it throws must not disappear. */
    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error(
                    "A background task of the callback store failed, and is not repeated. This is a bug: report it", e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "captcha-callback-store");
        thread.setDaemon(true);
        return thread;
    }

    /** Drops what waits, and lets a running task come to its end if that takes no longer than the grace. */
    @Override
    public void close() {
        ScheduledExecutorService stopped;
        synchronized (this) {
            closed = true;
            stopped = executor;
            executor = null;
        }
        if (stopped == null) {
            return;
        }
        stopped.shutdownNow();
        try {
            stopped.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
