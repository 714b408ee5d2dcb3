package io.github.captchacallback.spring;

import static org.awaitility.Awaitility.await;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CallbackEventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told. */
public final class RecordingListener implements CallbackEventListener {

    private final List<CallbackEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(CallbackEvent event) {
        events.add(event);
    }

    /** Returns the events of a kind, in their order. */
    public <E extends CallbackEvent> List<E> of(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Waits until a reference's claim is settled: the client may have its answer a moment before. */
    void awaitSettled(String reference) {
        await().until(() -> of(CallbackEvent.Settled.class).stream()
                .anyMatch(settled -> settled.reference().equals(reference)));
    }

    /** Waits until a reference's claim is released: the client may have its answer a moment before. */
    void awaitReleased(String reference) {
        await().until(() -> of(CallbackEvent.Released.class).stream()
                .anyMatch(released -> released.reference().equals(reference)));
    }
}
