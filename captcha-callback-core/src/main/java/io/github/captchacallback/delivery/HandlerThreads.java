package io.github.captchacallback.delivery;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads on which a handler runs unless the application has an executor of its own. */
final class HandlerThreads {

    private static final int THREADS = 4;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private HandlerThreads() {}

    /** Returns an executor of up to four daemon threads that rejects what its queue has no room for. */
    static ExecutorService bounded(int queueCapacity) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(queueCapacity),
                task -> {
                    Thread thread = new Thread(task, "captcha-callback-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
