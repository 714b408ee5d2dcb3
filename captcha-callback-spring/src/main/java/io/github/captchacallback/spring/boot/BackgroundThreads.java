package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.delivery.CallbackHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Chooses the threads on which callbacks are handled in the background: virtual ones where Boot has them on, else a delivery's
 * own. It is no {@link java.util.concurrent.Executor}: Boot's would back off before a bean of that type.
 */
final class BackgroundThreads implements AutoCloseable {

    /** The property has one name in all versions of Boot; the class that reads it has moved. */
    private static final String PROPERTY = "spring.threads.virtual.enabled";

    private static final int VIRTUAL_THREADS_SINCE = 21;
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

    private final @Nullable SimpleAsyncTaskExecutor virtual;

    private BackgroundThreads(@Nullable SimpleAsyncTaskExecutor virtual) {
        this.virtual = virtual;
    }

    static BackgroundThreads of(Environment environment) {
        boolean wanted = environment.getProperty(PROPERTY, Boolean.class, false);
        return new BackgroundThreads(
                wanted && Runtime.version().feature() >= VIRTUAL_THREADS_SINCE ? virtualThreads() : null);
    }

    private static SimpleAsyncTaskExecutor virtualThreads() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("captcha-callback-");
        executor.setVirtualThreads(true);
        // As many as would wait in the queue before a delivery's own threads: a flood must end somewhere.
        executor.setConcurrencyLimit(BackgroundDelivery.DEFAULT_QUEUE_CAPACITY);
        executor.setRejectTasksWhenLimitReached(true);
        executor.setTaskTerminationTimeout(DRAIN_TIMEOUT.toMillis());
        return executor;
    }

    BackgroundDelivery deliver(CaptchaCallbacks callbacks, CallbackHandler handler) {
        return virtual == null
                ? new BackgroundDelivery(callbacks, handler)
                : new BackgroundDelivery(callbacks, handler, virtual);
    }

    /** Waits for what virtual threads have taken on; a delivery's own threads are closed with it. */
    @Override
    public void close() {
        if (virtual != null) {
            virtual.close();
        }
    }
}
