package io.github.captchacallback.delivery;

import io.github.captchacallback.Callback;

/** Takes genuine callbacks, in the background, in place of an endpoint of the application's own. */
@FunctionalInterface
public interface CallbackHandler {

    /**
     * Takes a callback. It is called by several threads at once.
     *
     * <p>If the store keeps answers, each callback is handed over <b>at least once</b>: if the handler throws, it is called again
     * after 1, 2, 5, 10, 20 and 30 seconds within {@code delivery.attempts} and {@code delivery.within}, and then the answer is a
     * dead letter. If a process ends or stalls while the handler runs, another one calls it again. So let the effect depend on the
     * reference: doing it twice must change nothing. The lease is renewed while the handler runs, so it may take longer than
     * {@code replay.lease}.
     *
     * <p>Otherwise it is called once, and after a failure only if the service sends the callback again. It should then be done
     * within {@code replay.lease}.
     *
     * @param callback what the service sent; {@link Callback#age(java.time.Instant)} says how old it is
     * @throws DoNotRetryException if trying again would not help
     * @throws Exception if the callback could not be handled
     */
    void handle(Callback callback) throws Exception;
}
