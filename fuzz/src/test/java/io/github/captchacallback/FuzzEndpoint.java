package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expects one callback under one kind of settings, with everything in it known in advance, so that a finding repeats. */
final class FuzzEndpoint {

    /** The kinds of settings; any other name is the first of them. */
    static final List<String> KINDS = List.of("query", "path", "task-id", "unsigned", "replay");

    static final int MAX_CODE_LENGTH = 256;

    private static final long CAPACITY = 16;

    private final String kind;
    private final MutableClock clock;
    private final CaffeineCallbackStore memory;
    private final RecordingStore store;
    private final RecordingListener listener = new RecordingListener();
    private final CaptchaCallbacks callbacks;
    private final String token;

    private FuzzEndpoint(String kind, long age) {
        this.kind = kind;
        long issuedAt = Wire.NOW_SECONDS;
        clock = new MutableClock(Wire.NOW.plusSeconds(age));
        memory = new CaffeineCallbackStore(clock, CAPACITY);
        store = new RecordingStore(memory);
        callbacks = settings().store(store).listener(listener).build();
        String claimKey = claimKey();
        if (!kind.equals("replay")) {
            // Longer than any age: what was forgotten is the store's business, and tested there.
            memory.expect(claimKey, null, Duration.ofDays(100_000));
        }
        token = kind.equals("task-id")
                ? Wire.mac(Wire.SECRET, Wire.TASK_ID + "\n" + issuedAt)
                : Wire.token(claimKey, issuedAt);
    }

    static FuzzEndpoint of(String kind, long age) {
        return new FuzzEndpoint(KINDS.contains(kind) ? kind : KINDS.get(0), age);
    }

    private CaptchaCallbacksBuilder settings() {
        return switch (kind) {
            case "path" -> common(Wire.builder(clock)).set("signature.url-style", "path");
            case "task-id" -> common(Wire.taskIdScheme(clock)).set("source.forwarded-header", "Forwarded");
            case "unsigned" -> common(Wire.unsigned(clock));
            case "replay" -> common(Wire.replayOnly(clock)).allowFrom("198.51.100.0/24");
            default -> common(Wire.builder(clock));
        };
    }

    private static CaptchaCallbacksBuilder common(CaptchaCallbacksBuilder builder) {
        return builder.trustProxies("10.0.0.0/8").set("max-code-length", Integer.toString(MAX_CODE_LENGTH));
    }

    private String claimKey() {
        return kind.equals("task-id") || kind.equals("unsigned") ? Wire.TASK_ID : Wire.REFERENCE;
    }

    CaptchaCallbacks callbacks() {
        return callbacks;
    }

    boolean hasAge() {
        return !kind.equals("unsigned");
    }

    String mac() {
        return token.substring(token.length() - 64);
    }

    /** Returns what of the store shows from outside. */
    String stored() {
        return memory.toString();
    }

    /** Returns the name of the one step in which a callback is claimed here. */
    String claim() {
        return kind.equals("replay") ? "claimUnseen" : "claim";
    }

    /** Returns what was asked of the store since this was last called. */
    List<String> takeCalls() {
        List<String> calls = List.copyOf(store.calls());
        store.calls().clear();
        return calls;
    }

    /** Puts what was issued into a text in the place of the words that stand for it. */
    String fill(String text) {
        return text.replace("{token}", token).replace("{ts}", Long.toString(Wire.NOW_SECONDS));
    }

    String genuineTarget() {
        String callback = "id=" + Wire.TASK_ID + "&code=" + Wire.CODE;
        return fill(
                switch (kind) {
                    case "path" -> Wire.PATH + "/{token}?" + callback;
                    case "task-id" -> Wire.PATH + "?token={token}&ts={ts}&" + callback;
                    case "unsigned" -> Wire.PATH + "?" + callback;
                    default -> Wire.PATH + "?token={token}&" + callback;
                });
    }

    /** Asserts that a request carries what was issued, and that the callback says what the request says. */
    void assertGenuine(TestRequest request, Callback callback) {
        List<StrictForm.Pair> query = StrictForm.pairs(request.query() == null ? "" : request.query());
        List<StrictForm.Pair> all = new ArrayList<>(query);
        all.addAll(StrictForm.pairs(body(request)));
        assertThat(request.method()).isIn("GET", "POST");
        assertThat(request.path()).isEqualTo(kind.equals("path") ? Wire.PATH + "/" + token : Wire.PATH);
        if (kind.equals("query") || kind.equals("replay") || kind.equals("task-id")) {
            assertThat(values(query, "token")).containsExactly(token);
            assertThat(values(all, "token")).hasSize(1);
        }
        if (kind.equals("task-id")) {
            assertThat(values(all, "ts")).containsExactly(Long.toString(Wire.NOW_SECONDS));
        }
        if (claimKey().equals(Wire.TASK_ID)) {
            assertThat(callback.taskId()).isEqualTo(Wire.TASK_ID);
        }
        assertThat(callback.reference()).isEqualTo(claimKey());
        String code = callback.error().orElseGet(callback::solution);
        assertThat(values(all, "id")).containsExactly(callback.taskId());
        assertThat(values(all, "code")).containsExactly(code);
        assertThat(callback.taskId()).matches("[A-Za-z0-9._:-]{1,128}");
        assertThat(code.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, MAX_CODE_LENGTH);
        assertSource(request);
    }

    private void assertSource(TestRequest request) {
        boolean behindProxy = String.valueOf(request.remoteAddress()).contains("10.");
        assertThat(request.secure() || behindProxy).isTrue();
        if (kind.equals("replay") && !behindProxy) {
            assertThat(request.remoteAddress()).contains("198.51.100.");
        }
    }

    private static List<@Nullable String> values(List<StrictForm.Pair> pairs, String name) {
        List<@Nullable String> values = new ArrayList<>();
        pairs.stream().filter(pair -> name.equals(pair.name())).forEach(pair -> values.add(pair.value()));
        return values;
    }

    private static String body(TestRequest request) {
        try {
            return new String(request.body(1 << 20), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Asserts that the events of a refusal hold an address, a verified reference, and nothing else of the request. */
    void assertEventsShowNothing() {
        for (CallbackEvent.Refused refused : listener.events(CallbackEvent.Refused.class)) {
            boolean verified = refused.refusal().compareTo(Refusal.INVALID_SIGNATURE) > 0;
            assertThat(refused.reference()).isIn(null, verified ? claimKey() : null);
            assertThat(refused.keyId() == null).isEqualTo(refused.reference() == null);
            String client = refused.client();
            assertThat(client == null || client.matches("[0-9.]{7,15}|[0-9a-f:]{2,39}"))
                    .as(client)
                    .isTrue();
        }
    }
}
