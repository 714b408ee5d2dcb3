package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
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

    /** As many callbacks as wait in the queue before an endpoint's own threads: a flood must end somewhere. */
    private static final int MOST_VIRTUAL_THREADS = 1_000;

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
        executor.setConcurrencyLimit(MOST_VIRTUAL_THREADS);
        executor.setRejectTasksWhenLimitReached(true);
        executor.setTaskTerminationTimeout(DRAIN_TIMEOUT.toMillis());
        return executor;
    }

    CallbackEndpoint endpoint(CaptchaCallbacks callbacks, CallbackHandler handler) {
        return virtual == null
                ? CallbackEndpoint.of(callbacks, handler)
                : CallbackEndpoint.of(callbacks, handler, virtual);
    }

    /** Waits for what virtual threads have taken on; a delivery's own threads are closed with it. */
    @Override
    public void close() {
        if (virtual != null) {
            virtual.close();
        }
    }
}
