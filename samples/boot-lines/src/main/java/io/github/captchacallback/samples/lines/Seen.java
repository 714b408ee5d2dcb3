package io.github.captchacallback.samples.lines;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Remembers which callbacks have reached the endpoint, and what the application was told of their claims. */
@Component
class Seen {

    private final List<Callback> arrivals = new ArrayList<>();
    private final Map<String, List<String>> claims = new HashMap<>();

    /** Remembers a callback, and returns whether it is the first with its reference. */
    synchronized boolean arrive(Callback callback) {
        boolean first = arrivals(callback.reference()).isEmpty();
        arrivals.add(callback);
        return first;
    }

    synchronized List<Callback> arrivals(String reference) {
        return arrivals.stream()
                .filter(each -> each.reference().equals(reference))
                .toList();
    }

    @EventListener
    void accepted(CallbackEvent.Accepted event) {
        tell(event.reference(), "Accepted");
    }

    @EventListener
    void settled(CallbackEvent.Settled event) {
        tell(event.reference(), "Settled");
    }

    @EventListener
    void released(CallbackEvent.Released event) {
        tell(event.reference(), "Released");
    }

    private synchronized void tell(String reference, String claim) {
        claims.computeIfAbsent(reference, first -> new ArrayList<>()).add(claim);
    }

    /** Returns what was told of the claims of a reference, in its order. */
    synchronized List<String> claims(String reference) {
        return List.copyOf(claims.getOrDefault(reference, List.of()));
    }
}
