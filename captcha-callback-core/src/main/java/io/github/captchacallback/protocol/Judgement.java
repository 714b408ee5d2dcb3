package io.github.captchacallback.protocol;

import io.github.captchacallback.http.FormParameters;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.source.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Represents what a request shows by itself, before any store is asked. */
public sealed interface Judgement {

    /**
     * The request is a genuine callback of the right age.
     *
     * @param taskId the service's id of the task
     * @param result how the task ended
     * @param receivedAt when the request had arrived, with its body
     * @param proof what the URL has shown
     * @param origin where the request comes from
     * @param parameters all parameters, as the application will see them
     */
    record Genuine(
            String taskId, TaskResult result, Instant receivedAt, Proof proof, Origin origin, FormParameters parameters)
            implements Judgement {}

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
