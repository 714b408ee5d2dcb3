package io.github.captchacallback.spring.metrics;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CallbackEventListener;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.InboxDepth;
import io.github.captchacallback.store.Occupancy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times verdicts, and shows how full the store is. Every meter is tagged with the name of its endpoint, for an
 * application that has several.
 *
 * <p><b>Security notes.</b> No tag has a value from outside: outcomes, refusals, and the ids of our own keys. A key's id is
 * told after its signature was verified, and never otherwise.
 */
public final class CallbackMeters implements CallbackEventListener {

    /** Counts verdicts, tagged {@code outcome}, {@code refusal} and {@code key}. */
    public static final String VERDICTS = "captcha.callback.verdicts";

    /** Times verification, tagged {@code outcome}. */
    public static final String VERIFICATION = "captcha.callback.verification";

    /** Counts callback URLs that were issued. */
    public static final String ISSUED = "captcha.callback.issued";

    /** Counts claims that have ended, tagged {@code end}: {@code settled} or {@code released}. */
    public static final String CLAIMS = "captcha.callback.claims";

    /** Shows how many references the store holds. */
    public static final String REFERENCES = "captcha.callback.store.references";

    /** Shows how many references the store can hold. */
    public static final String CAPACITY = "captcha.callback.store.capacity";

    /** Shows how many things are wrong with an available store; the log and the health detail say what. */
    public static final String WARNINGS = "captcha.callback.store.warnings";

    /** Counts attempts to deliver a kept answer, tagged {@code outcome}: {@code delivered}, {@code failed} or {@code dead}. */
    public static final String DELIVERY_ATTEMPTS = "captcha.callback.delivery.attempts";

    /** Counts what operators have done with dead letters, tagged {@code action}: {@code replayed} or {@code discarded}. */
    public static final String DEAD_LETTERS = "captcha.callback.delivery.dead.letters";

    /** Shows how many answers are kept, tagged {@code state}: {@code in-progress}, {@code waiting}, {@code due} or {@code dead}. */
    public static final String INBOX = "captcha.callback.inbox.answers";

    /** Shows for how many seconds the oldest of the answers that are due has been due. */
    public static final String OLDEST_DUE = "captcha.callback.inbox.oldest.due";

    /** Is a tag's value where there is nothing to tell. Prometheus wants every meter of a name to have the same tags. */
    private static final String NONE = "none";

    private static final String ACCEPTED = "accepted";
    private static final String REPEATED = "repeated";
    private static final String REFUSED = "refused";
    private static final String DELIVERED = "delivered";
    private static final String FAILED = "failed";
    private static final String DEAD = "dead";

    private final MeterRegistry registry;
    private final String endpoint;

    /**
     * Makes the meters of an endpoint. Refusals are there from the beginning, so that an alert sees the first.
     *
     * @param endpoint a name for the endpoint, of the application's choice
     * @param keyIds the ids of the endpoint's keys
     */
    public CallbackMeters(MeterRegistry registry, String endpoint, String... keyIds) {
        this.registry = registry;
        this.endpoint = endpoint;
        for (Refusal refusal : Refusal.values()) {
            verdicts(REFUSED, tag(refusal), NONE);
            if (refusal.compareTo(Refusal.INVALID_SIGNATURE) > 0) {
                for (String keyId : keyIds) {
                    verdicts(REFUSED, tag(refusal), keyId);
                }
            }
        }
        claims("settled");
        claims("released");
        for (String outcome : List.of(DELIVERED, FAILED, DEAD)) {
            attempts(outcome);
        }
    }

    /**
     * Shows how full a store is, what is wrong with it, and which answers it keeps. A store that does not count them, or is unavailable, shows as not a
     * number.
     *
     * @param endpoint the name of the endpoint
     */
    public static void bindStore(MeterRegistry registry, String endpoint, CaptchaCallbacks callbacks) {
        gauge(registry, REFERENCES, endpoint, callbacks, Occupancy::used);
        gauge(registry, CAPACITY, endpoint, callbacks, Occupancy::capacity);
        Gauge.builder(WARNINGS, callbacks, CallbackMeters::warningsNow)
                .tag("endpoint", endpoint)
                .register(registry);
        if (callbacks.inbox().isPresent()) {
            Depth depth = new Depth(callbacks);
            inbox(registry, endpoint, depth, "in-progress", InboxDepth::inProgress);
            inbox(registry, endpoint, depth, "waiting", InboxDepth::waiting);
            inbox(registry, endpoint, depth, "due", InboxDepth::due);
            inbox(registry, endpoint, depth, "dead", InboxDepth::dead);
            Gauge.builder(
                            OLDEST_DUE,
                            depth,
                            asked -> asked.now(now -> now.oldestDue().toMillis()) / 1_000)
                    .baseUnit("seconds")
                    .tag("endpoint", endpoint)
                    .strongReference(true)
                    .register(registry);
        }
    }

    private static double warningsNow(CaptchaCallbacks callbacks) {
        try {
            return callbacks.store().warnings().size();
        } catch (CallbackStoreException e) {
            return Double.NaN;
        }
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            String endpoint,
            CaptchaCallbacks callbacks,
            ToLongFunction<Occupancy> value) {
        Gauge.builder(name, callbacks, asked -> valueNow(asked, value))
                .tag("endpoint", endpoint)
                .register(registry);
    }

    private static double valueNow(CaptchaCallbacks callbacks, ToLongFunction<Occupancy> value) {
        try {
            return callbacks
                    .store()
                    .occupancy()
                    .map(occupancy -> (double) value.applyAsLong(occupancy))
                    .orElse(Double.NaN);
        } catch (CallbackStoreException e) {
            return Double.NaN;
        }
    }

    private static void inbox(
            MeterRegistry registry, String endpoint, Depth depth, String state, ToLongFunction<InboxDepth> value) {
        // The registry keeps what it asks by a weak reference, unless it is told otherwise.
        Gauge.builder(INBOX, depth, asked -> asked.now(value))
                .tags("endpoint", endpoint, "state", state)
                .strongReference(true)
                .register(registry);
    }

    /** Counts the answers that are kept: once for all gauges of one scrape, since that may ask a store on the network. */
    private static final class Depth {

        private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

        private final CaptchaCallbacks callbacks;
        private @Nullable InboxDepth counted;
        private long countedAt;
        private boolean fresh;

        Depth(CaptchaCallbacks callbacks) {
            this.callbacks = callbacks;
        }

        synchronized double now(ToLongFunction<InboxDepth> value) {
            if (!fresh || System.nanoTime() - countedAt > FRESH_NANOS) {
                counted = count();
                countedAt = System.nanoTime();
                fresh = true;
            }
            return counted == null ? Double.NaN : value.applyAsLong(counted);
        }

        private @Nullable InboxDepth count() {
            try {
                return callbacks.store().inboxDepth().orElse(null);
            } catch (CallbackStoreException e) {
                return null;
            }
        }
    }

    @Override
    public void on(CallbackEvent event) {
        if (event instanceof CallbackEvent.Accepted accepted) {
            verdicts(ACCEPTED, NONE, accepted.keyId()).increment();
            time(ACCEPTED, accepted.took());
        } else if (event instanceof CallbackEvent.Repeated repeated) {
            verdicts(REPEATED, NONE, repeated.keyId()).increment();
            time(REPEATED, repeated.took());
        } else if (event instanceof CallbackEvent.Refused refused) {
            verdicts(REFUSED, tag(refused.refusal()), refused.keyId()).increment();
            time(REFUSED, refused.took());
        } else if (event instanceof CallbackEvent.Issued) {
            registry.counter(ISSUED, "endpoint", endpoint).increment();
        } else if (event instanceof CallbackEvent.Settled) {
            claims("settled").increment();
        } else if (event instanceof CallbackEvent.Released) {
            claims("released").increment();
        } else if (event instanceof CallbackEvent.Delivered) {
            attempts(DELIVERED).increment();
        } else if (event instanceof CallbackEvent.RetryScheduled) {
            attempts(FAILED).increment();
        } else if (event instanceof CallbackEvent.Dead) {
            attempts(DEAD).increment();
        } else if (event instanceof CallbackEvent.Replayed) {
            deadLetters("replayed").increment();
        } else if (event instanceof CallbackEvent.Discarded) {
            deadLetters("discarded").increment();
        }
    }

    private static String tag(Refusal refusal) {
        return refusal.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Counter verdicts(String outcome, String refusal, @Nullable String keyId) {
        return Counter.builder(VERDICTS)
                .description("Verdicts on requests for the callback endpoint")
                .tags("endpoint", endpoint, "outcome", outcome, "refusal", refusal, "key", keyId == null ? NONE : keyId)
                .register(registry);
    }

    private Counter claims(String end) {
        return registry.counter(CLAIMS, "endpoint", endpoint, "end", end);
    }

    private Counter attempts(String outcome) {
        return registry.counter(DELIVERY_ATTEMPTS, "endpoint", endpoint, "outcome", outcome);
    }

    private Counter deadLetters(String action) {
        return registry.counter(DEAD_LETTERS, "endpoint", endpoint, "action", action);
    }

    private void time(String outcome, Duration took) {
        Timer.builder(VERIFICATION)
                .description("How long verification takes, the store included")
                .tags("endpoint", endpoint, "outcome", outcome)
                .register(registry)
                .record(took);
    }
}
