package io.github.captchacallback;

import io.github.captchacallback.address.AllowFile;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener of an event; one that fails keeps neither the others from it nor the callback from its verdict. */
final class Notifier implements AllowFile.Observer {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final List<CallbackListener> listeners;
    private final InstantSource clock;

    Notifier(List<CallbackListener> listeners, InstantSource clock) {
        this.listeners = List.copyOf(listeners);
        this.clock = clock;
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
