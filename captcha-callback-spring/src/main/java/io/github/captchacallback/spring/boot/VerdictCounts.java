package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CallbackEventListener;
import io.github.captchacallback.http.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts verdicts since the start, by refusal. */
final class VerdictCounts implements CallbackEventListener {

    private static final LongAdder NEVER = new LongAdder();

    private final LongAdder accepted = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final Map<Refusal, LongAdder> refused = new ConcurrentHashMap<>();

    @Override
    public void on(CallbackEvent event) {
        if (event instanceof CallbackEvent.Accepted) {
            accepted.increment();
        } else if (event instanceof CallbackEvent.Repeated) {
            repeated.increment();
        } else if (event instanceof CallbackEvent.Refused refusal) {
            refused.computeIfAbsent(refusal.refusal(), first -> new LongAdder()).increment();
        }
    }

    Map<String, Object> show() {
        Map<String, Long> byRefusal = new LinkedHashMap<>();
        for (Refusal refusal : Refusal.values()) {
            byRefusal.put(refusal.error(), refused.getOrDefault(refusal, NEVER).sum());
        }
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("accepted", accepted.sum());
        counts.put("repeated", repeated.sum());
        counts.put("refused", byRefusal);
        return counts;
    }
}
