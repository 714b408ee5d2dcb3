package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.github.captchacallback.store.Occupancy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds how the stores are. Boot has moved its own types of health from version 3 to 4, so that what they say of a store is
 * decided here.
 *
 * @param status the worst of all stores
 * @param details what there is to say of each, by the names of the endpoints
 */
record StoreHealth(Status status, Map<String, Object> details) {

    /** From the best to the worst. */
    enum Status {
        UP,
        FULL,
        UNREACHABLE
    }

    static StoreHealth of(Map<String, CaptchaCallbacks> endpoints) {
        Status worst = Status.UP;
        Map<String, Object> details = new LinkedHashMap<>();
        for (Map.Entry<String, CaptchaCallbacks> endpoint : endpoints.entrySet()) {
            Status status = Status.UP;
            try {
                Optional<Occupancy> occupancy = endpoint.getValue().store().occupancy();
                details.put(endpoint.getKey(), occupancy.map(StoreHealth::show).orElse("reached"));
                List<String> warnings = endpoint.getValue().store().warnings();
                if (!warnings.isEmpty()) {
                    details.put(endpoint.getKey() + ".warnings", warnings);
                }
                showDead(endpoint.getKey(), endpoint.getValue(), details);
                status = occupancy.filter(Occupancy::full).isPresent() ? Status.FULL : Status.UP;
            } catch (CallbackStoreFullException e) {
                details.put(endpoint.getKey(), "full");
                status = Status.FULL;
            } catch (CallbackStoreException e) {
                // What the store says is logged where a callback meets it; health may be shown to anyone.
                details.put(endpoint.getKey(), "unavailable");
                status = Status.UNREACHABLE;
            }
            worst = status.compareTo(worst) > 0 ? status : worst;
        }
        return new StoreHealth(worst, details);
    }

    /** A dead letter needs somebody, and does not make the application unfit for requests. */
    private static void showDead(String endpoint, CaptchaCallbacks callbacks, Map<String, Object> details) {
        callbacks
                .store()
                .inboxDepth()
                .filter(depth -> depth.dead() > 0)
                .ifPresent(depth -> details.put(endpoint + ".deadLetters", depth.dead()));
    }

    static Object show(Occupancy occupancy) {
        return Map.of("references", occupancy.used(), "capacity", occupancy.capacity());
    }
}
