package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.store.CallbackStoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Shows the policy of every endpoint, how full its store is, and what became of requests since the start. */
@Endpoint(id = "captchacallback")
class CallbackActuatorEndpoint {

    private final Map<String, CaptchaCallbacks> endpoints;
    private final VerdictCounts verdicts;

    CallbackActuatorEndpoint(Map<String, CaptchaCallbacks> endpoints, VerdictCounts verdicts) {
        this.endpoints = endpoints;
        this.verdicts = verdicts;
    }

    @ReadOperation
    Map<String, Object> show() {
        Map<String, Object> byName = new LinkedHashMap<>();
        endpoints.forEach((name, callbacks) ->
                byName.put(name, Map.of("policy", callbacks.settings().policy(), "store", store(callbacks))));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("endpoints", byName);
        shown.put("verdicts", verdicts.show());
        return shown;
    }

    private static Object store(CaptchaCallbacks callbacks) {
        try {
            return callbacks.occupancy().map(StoreHealth::show).orElse("not counted");
        } catch (CallbackStoreException e) {
            return "unavailable";
        }
    }
}
