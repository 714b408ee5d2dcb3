package io.github.captchacallback;

import io.github.captchacallback.address.Origin;
import io.github.captchacallback.signature.Proof;
import org.jspecify.annotations.Nullable;

/** Represents what a request shows by itself, before any store is asked. */
sealed interface Judgement {

    /**
     * The request is a genuine callback of the right age.
     *
     * @param parameters all parameters, as the application will see them
     */
    record Genuine(Callback callback, Proof proof, Origin origin, FormParameters parameters) implements Judgement {}

    /**
     * A check failed.
     *
     * @param refusal the first check that failed
     * @param detail what exactly, in words without anything of the request but addresses and numbers
     * @param proof what the URL has shown; null if it was not read
     * @param origin where the request comes from; null if nobody asked
     */
    record Failed(
            Refusal refusal,
            String detail,
            @Nullable Proof proof,
            @Nullable Origin origin) implements Judgement {}
}
