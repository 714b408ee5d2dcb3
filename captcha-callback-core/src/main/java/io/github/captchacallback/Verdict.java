package io.github.captchacallback;

import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.FormParameters;
import io.github.captchacallback.http.Refusal;

/** Says what became of a request: every outcome is a value, and an adapter has nothing left to decide. */
public sealed interface Verdict {

    /**
     * Says that the callback is genuine and this caller's alone, until the claim's lease is over.
     *
     * @param callback what the service sent
     * @param parameters everything that was sent beside, as it was verified
     * @param claim to be settled when the application has taken the answer, and released when it failed
     */
    record Accepted(Callback callback, FormParameters parameters, Claim claim) implements Verdict {}

    /**
     * Says that the callback repeats an accepted one to the letter: it is answered, and not handed on.
     *
     * @param callback what the service sent
     * @param answer what to answer
     */
    record Repeated(Callback callback, CallbackAnswer answer) implements Verdict {}

    /**
     * Says that the request is not let through.
     *
     * @param refusal the first check that failed
     * @param answer what to answer; it may say less than the refusal
     */
    record Refused(Refusal refusal, CallbackAnswer answer) implements Verdict {}
}
