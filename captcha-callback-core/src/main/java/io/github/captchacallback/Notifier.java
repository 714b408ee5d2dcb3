package io.github.captchacallback;

import io.github.captchacallback.address.AllowFile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener of an event; one that fails keeps neither the others from it nor the callback from its verdict. */
final class Notifier implements AllowFile.Observer {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final CallbackListener[] listeners;
    private final InstantSource clock;

    /** Two looks at the timer are a tenth of a verification, and nobody but an application's listener reads them. */
    private final boolean timed;

    /** Makes one that tells the application's listeners, and then the log. */
    Notifier(List<CallbackListener> ofApplication, InstantSource clock) {
        List<CallbackListener> all = new ArrayList<>(ofApplication);
        all.add(new LoggingListener(clock));
        this.listeners = all.toArray(CallbackListener[]::new);
        this.clock = clock;
        this.timed = !ofApplication.isEmpty();
    }

    /** Starts to measure how long something takes. */
    long start() {
        return timed ? System.nanoTime() : 0;
    }

    /** Returns how long something took that was started then. */
    Duration since(long started) {
        return timed ? Duration.ofNanos(System.nanoTime() - started) : Duration.ZERO;
    }

    void tell(CallbackEvent event) {
        for (CallbackListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                LOG.warn("A CallbackListener failed on {}", event.getClass().getSimpleName(), e);
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
