package io.github.captchacallback.delivery;

import io.github.captchacallback.Callback;

/** Takes genuine callbacks, in the background, in place of an endpoint of the application's own. */
@FunctionalInterface
public interface CallbackHandler {

    /**
     * Takes a callback. It is called by several threads at once, and once for each callback, unless it fails: then the
     * callback may come again. It should be done within {@code replay.lease}.
     *
     * @param callback what the service sent
     * @throws Exception where the callback could not be handled
     */
    void handle(Callback callback) throws Exception;
}
