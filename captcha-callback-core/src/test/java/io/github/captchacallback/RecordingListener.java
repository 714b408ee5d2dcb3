package io.github.captchacallback;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event it is told of. */
final class RecordingListener implements CallbackEventListener {

    private final List<CallbackEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(CallbackEvent event) {
        events.add(event);
    }

    List<CallbackEvent> events() {
        return events;
    }

    /** Returns the events of one kind, in their order. */
    <T extends CallbackEvent> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Returns the kinds of all events, in their order. */
    List<String> kinds() {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }
}
