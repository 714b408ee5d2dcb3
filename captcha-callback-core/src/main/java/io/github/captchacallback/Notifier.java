package io.github.captchacallback;

import io.github.captchacallback.address.AllowFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener of an event; one that fails keeps neither the others from it nor the callback from its verdict. */
final class Notifier implements AllowFile.Observer {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final List<CallbackListener> listeners;
    private final LoggingListener log;
    private final InstantSource clock;

    /** Whether the application listens. Without it nobody reads how long anything took, which takes two looks at the timer. */
    private final boolean heard;

    /** Makes one that tells the application's listeners, and then the log. */
    Notifier(List<CallbackListener> ofApplication, InstantSource clock) {
        List<CallbackListener> all = new ArrayList<>(ofApplication);
        this.log = new LoggingListener(clock);
        all.add(log);
        this.listeners = List.copyOf(all);
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

    /** Has one more request that was not verified counted, and says true, where nobody has use for more than the number. */
    boolean onlyCountsForgery(Instant at) {
        return !heard && log.onlyCountsForgery(at);
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
