package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.DeadLetters;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.DeadPage;
import io.github.captchacallback.store.StoredCallback;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows the policy of every endpoint, how full its store is, and what became of requests since the start. It lists the dead
 * letters of one endpoint, without their answers, and replays or discards them.
 */
@Endpoint(id = "captchacallback")
class CallbackActuatorEndpoint {

    private static final int PAGE = 100;

    private final Map<String, CaptchaCallbacks> endpoints;
    private final VerdictCounts verdicts;

    CallbackActuatorEndpoint(Map<String, CaptchaCallbacks> endpoints, VerdictCounts verdicts) {
        this.endpoints = endpoints;
        this.verdicts = verdicts;
    }

    @ReadOperation
    Map<String, Object> show() {
        Map<String, Object> byName = new LinkedHashMap<>();
        endpoints.forEach((name, callbacks) -> byName.put(
                name,
                Map.of("policy", callbacks.settings().policy(), "store", store(callbacks), "inbox", inbox(callbacks))));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("endpoints", byName);
        shown.put("verdicts", verdicts.show());
        return shown;
    }

    private static Object store(CaptchaCallbacks callbacks) {
        try {
            return callbacks.store().occupancy().map(StoreHealth::show).orElse("not counted");
        } catch (CallbackStoreException e) {
            return "unavailable";
        }
    }

    private static Object inbox(CaptchaCallbacks callbacks) {
        try {
            return callbacks
                    .store()
                    .inboxDepth()
                    .<Object>map(depth -> Map.of(
                            "inProgress", depth.inProgress(),
                            "waiting", depth.waiting(),
                            "due", depth.due(),
                            "dead", depth.dead(),
                            "oldestDueMillis", depth.oldestDue().toMillis()))
                    .orElse("not counted");
        } catch (CallbackStoreException e) {
            return "unavailable";
        }
    }

    /** Lists the dead letters of an endpoint in pages; null, and so 404, if there is no such endpoint, or it has no inbox. */
    @ReadOperation
    @Nullable
    Map<String, Object> deadLetters(@Selector String endpoint, @Nullable String cursor) {
        DeadLetters dead = of(endpoint);
        if (dead == null) {
            return null;
        }
        DeadPage page = dead.list(PAGE, cursor == null || cursor.isEmpty() ? null : cursor);
        List<Map<String, Object>> letters =
                page.entries().stream().map(CallbackActuatorEndpoint::show).toList();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("deadLetters", letters);
        Optional.ofNullable(page.next()).ifPresent(next -> shown.put("next", next));
        return shown;
    }

    private static Map<String, Object> show(StoredCallback letter) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("reference", letter.key());
        shown.put("taskId", letter.taskId());
        shown.put("attempts", letter.attempts());
        shown.put("ageSeconds", letter.age() == null ? null : letter.age().toSeconds());
        shown.put("keptForSeconds", letter.remaining().toSeconds());
        shown.put("reason", letter.reason());
        return shown;
    }

    /**
     * Replays one dead letter, or all. All are replayed only if the operator says how many that are; otherwise the answer says
     * it, and nothing is replayed.
     */
    @WriteOperation
    @Nullable
    Map<String, Object> replay(@Selector String endpoint, @Nullable String reference, @Nullable Long count) {
        DeadLetters dead = of(endpoint);
        if (dead == null) {
            return null;
        }
        if (reference != null) {
            return Map.of("replayed", dead.replay(reference) ? 1L : 0L);
        }
        long all = dead.count(letter -> true);
        return count == null || count != all
                ? Map.of("replayed", 0L, "count", all)
                : Map.of("replayed", dead.replayAll(letter -> true));
    }

    /** Discards one dead letter; its reason is logged. */
    @DeleteOperation
    @Nullable
    Map<String, Object> discard(@Selector String endpoint, String reference, String reason) {
        DeadLetters dead = of(endpoint);
        if (reason.isBlank()) {
            throw new InvalidEndpointRequestException("A dead letter is discarded with a reason", "reason is blank");
        }
        return dead == null ? null : Map.of("discarded", dead.discard(reference, reason) ? 1L : 0L);
    }

    private @Nullable DeadLetters of(String endpoint) {
        CaptchaCallbacks callbacks = endpoints.get(endpoint);
        return callbacks == null ? null : callbacks.deadLetters().orElse(null);
    }
}
