package io.github.captchacallback.delivery;

import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.CallbackRequest;

/** Hands genuine callbacks to a {@link CallbackHandler}. */
interface Delivery extends AutoCloseable {

    /** Judges a request; what is accepted is handed to {@link #deliver}. */
    Verdict judge(CallbackRequest request);

    /** Takes on an accepted callback, and returns what the service is answered with. */
    CallbackAnswer deliver(Verdict.Accepted accepted);

    /** Begins to deliver what is kept in the store, if it keeps anything. Repeating it changes nothing. */
    void start();

    /** Returns in a few words where a callback is until its handler has succeeded. */
    String description();

    @Override
    void close();
}
