package io.github.captchacallback.spring;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CallbackEventListener;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes every {@link CallbackEvent} as an event of the application, on the thread that verifies. In a Boot application the
 * auto-configured callbacks have one; give it to callbacks that you build yourself by {@code builder.listener(…)}.
 *
 * <p>A listener of the application that throws changes no verdict. A warning is logged, at most once a minute.
 */
public final class CallbackEventPublisher implements CallbackEventListener {

    private final ApplicationEventPublisher publisher;
    private final ListenerShield shield = new ListenerShield();

    /** Makes a listener that publishes through an application context. */
    public CallbackEventPublisher(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void on(CallbackEvent event) {
        shield.call("CallbackEvent." + event.getClass().getSimpleName(), () -> publisher.publishEvent(event));
    }
}
