package io.github.captchacallback.delivery;

import io.github.captchacallback.Callback;
import io.github.captchacallback.Claim;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.FormParameters;

/** Represents what an adapter does next with a request. */
public sealed interface Step {

    /** The request is not for the callback endpoint: it continues as if there were no guard. */
    record PassBy() implements Step {}

    /**
     * The request is a genuine callback, and the application's own endpoint handles it.
     *
     * @param callback what the service sent
     * @param parameters everything that was sent, as it was verified
     * @param claim is settled or released by the status of the application's answer
     */
    record PassOn(Callback callback, FormParameters parameters, Claim claim) implements Step {}

    /**
     * The request is answered, and does not reach the application's endpoint: it was refused, or a handler takes the callback.
     *
     * @param answer what the adapter writes
     * @param verdict why
     */
    record Answer(CallbackAnswer answer, Verdict verdict) implements Step {}
}
