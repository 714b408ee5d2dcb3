package io.github.captchacallback;

import io.github.captchacallback.source.AllowFile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls every listener with an event. A listener that fails changes no verdict, keeps no other listener from the event, and
 * cannot flood the log.
 */
final class Notifier implements AllowFile.Observer {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final CallbackEventListener[] listeners;
    private final InstantSource clock;
    private final LogBudget failures = new LogBudget(LOG, "failures of listeners", 1);

    /** Whether the application listens. Without it nobody reads how long anything took, which takes two looks at the timer. */
    private final boolean heard;

    /** Makes one that calls the application's listeners, and then the log. */
    Notifier(List<CallbackEventListener> ofApplication, InstantSource clock) {
        List<CallbackEventListener> all = new ArrayList<>(ofApplication);
        all.add(new LoggingListener());
        this.listeners = all.toArray(CallbackEventListener[]::new);
        this.clock = clock;
        this.heard = !ofApplication.isEmpty();
    }

    /** Starts to measure how long something takes. */
    long start() {
        return heard ? System.nanoTime() : 0;
    }

    /** Returns how long something took that was started then. */
    Duration since(long started) {
        return heard ? Duration.ofNanos(System.nanoTime() - started) : Duration.ZERO;
    }

    void tell(CallbackEvent event) {
        for (CallbackEventListener listener : listeners) {
            try {
                listener.on(event);
            } catch (Throwable e) {
                // Whatever the application throws, the request has its verdict, and a claim its end.
                if (failures.allows(clock.instant())) {
                    LOG.warn(
                            "A CallbackEventListener failed on {}; correct {}",
                            event.getClass().getSimpleName(),
                            listener.getClass().getName(),
                            e);
                }
            }
        }
    }

    @Override
    public void reloaded(int entries) {
        tell(new CallbackEvent.AllowFileReloaded(clock.instant(), entries));
    }

    @Override
    public void kept(String reason) {
        tell(new CallbackEvent.AllowFileKept(clock.instant(), reason));
    }
}
