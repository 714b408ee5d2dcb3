package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.DoNotRetryException;
import io.github.captchacallback.http.FormParameters;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.store.CaffeineCallbackStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what events, logs and texts show, and what a listener can do to a verdict. */
class CaptchaCallbacksSecrecyTest {

    private static final String MARKED_CODE = "code-that-nobody-may-read";

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();

    /** Runs something and returns what it has logged. */
    private static String logOf(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    private static String macOf(String url) {
        return url.substring(url.length() - 64);
    }

    /** Pitfall 33. */
    @Test
    void everythingThenNeitherSecretNorTokenNorAnswerIsInAnyText() {
        List<Object> seen = new ArrayList<>();
        RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 100));
        List<String> forbidden = new ArrayList<>(List.of(Wire.SECRET, Wire.OLD_SECRET, MARKED_CODE));
        String log = logOf(() -> {
            CaptchaCallbacksBuilder builder = Wire.builder(clock)
                    .signingKey(Wire.OLD_KEY, Wire.OLD_SECRET)
                    .activeKey(Wire.KEY)
                    .set("replay.duplicates", "ok")
                    .store(store)
                    .listener(listener);
            CaptchaCallbacks callbacks = builder.build();
            IssuedCallback issued = callbacks.issue();
            IssuedCallback abandoned = callbacks.issue();
            forbidden.add(macOf(issued.url()));
            forbidden.add(macOf(abandoned.url()));
            TestRequest request = Wire.callback(issued.url(), "1", MARKED_CODE);
            seen.addAll(List.of(builder, callbacks, callbacks.settings(), issued, store));
            callbacks.settings().signature().keys().values().forEach(seen::add);
            FormParameters parameters = FormParameters.ofQuery(request.query());
            seen.addAll(List.of(parameters, parameters.all()));

            callbacks.abandon(abandoned.reference());
            Verdict.Accepted accepted = assertAccepted(callbacks.verify(request));
            seen.addAll(List.of(accepted, accepted.claim(), accepted.callback()));
            accepted.claim().release();
            assertAccepted(callbacks.verify(request)).claim().settle();
            seen.add(callbacks.verify(request));
            for (TestRequest refused : List.of(
                    Wire.callback(issued.url(), "2", MARKED_CODE),
                    Wire.callback(issued.url(), "1", MARKED_CODE + "2"),
                    Wire.callback(issued.url().replace("token=v1", "token=v2"), "1", MARKED_CODE),
                    Wire.callback(issued.url().replace(issued.reference(), Wire.REFERENCE), "1", MARKED_CODE),
                    Wire.callback(issued.url(), "1", MARKED_CODE).secure(false),
                    Wire.callback(issued.url(), "1", MARKED_CODE).method(MARKED_CODE),
                    Wire.callback(issued.url(), "1", MARKED_CODE).remoteAddress(MARKED_CODE),
                    Wire.callback(abandoned.url(), "1", MARKED_CODE))) {
                seen.add(callbacks.verify(refused));
            }
            seen.add(catchThrowable(() -> callbacks.bind(issued.reference(), "2")));
            seen.add(catchThrowable(() -> callbacks.bind(abandoned.reference(), "2")));
            seen.add(catchThrowable(() -> callbacks.bind(abandoned.reference(), MARKED_CODE + " ")));
            seen.add(catchThrowable(() -> callbacks.issueFor(MARKED_CODE)));
            clock.advance(Duration.ofMinutes(10));
            seen.add(callbacks.verify(request));
            store.fail();
            seen.add(catchThrowable(callbacks::issue));
        });
        seen.addAll(listener.events());
        seen.add(log);
        assertThat(listener.kinds()).contains("Issued", "Abandoned", "Accepted", "Released", "Repeated", "Refused");
        assertThat(log).contains("Refused a callback");
        for (Object each : seen) {
            for (String secret : forbidden) {
                assertThat(String.valueOf(each))
                        .as("text of a %s", each.getClass().getName())
                        .doesNotContain(secret);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short-secret-of-mine", "base64:c2hvcnQtc2VjcmV0LW9mLW1pbmU=!", "hex:short-secret-of-mine"})
    void buildWhenSecretCannotBeUsedThenMessageDoesNotHoldIt(String secret) {
        assertThatThrownBy(() -> CaptchaCallbacks.builder()
                        .publicUrl(Wire.URL)
                        .signingKey(Wire.KEY, secret)
                        .build())
                .hasMessageContaining("captcha.callback.signature.keys." + Wire.KEY)
                .satisfies(thrown -> {
                    for (Throwable each = thrown; each != null; each = each.getCause()) {
                        assertThat(each.toString())
                                .doesNotContain(secret)
                                .doesNotContain(secret.replaceFirst("^[a-z0-9]+:", ""));
                    }
                });
    }

    @Test
    void settingsThenTextShowsKeyIdsAlone() {
        CallbackSettings settings =
                CallbackSettings.from(Map.of("public-url", Wire.URL, "signature.keys.2026-11", Wire.SECRET));
        assertThat(settings.toString()).contains("2026-11").doesNotContain(Wire.SECRET);
    }

    @Test
    void callbackThenTextShowsErrorsAndLengthsOfAnswers() {
        Callback solved = new Callback("1", new TaskResult.Solution(MARKED_CODE), "reference", null, Wire.NOW);
        assertThat(solved.toString()).contains("25 characters").doesNotContain(MARKED_CODE);
        Callback failed =
                new Callback("1", new TaskResult.Failure("ERROR_CAPTCHA_UNSOLVABLE"), "reference", null, Wire.NOW);
        assertThat(failed.toString()).contains("ERROR_CAPTCHA_UNSOLVABLE");
    }

    /** Pitfall 35: nothing that an outsider writes makes a line of its own in the log. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\r\nINFO forged",
                "1\nINFO forged",
                "1\u2028INFO forged",
                "1\u2029INFO forged",
                "1\u0085INFO forged",
                "1\u001b[31mINFO forged",
                "1\0INFO forged"
            })
    void verifyWhenRequestHoldsLineBreaksThenLogHasNoLineOfItsMaking(String text) {
        CaptchaCallbacks callbacks = Wire.builder(clock)
                .allowFrom("138.201.0.0/16")
                .trustProxies("10.0.0.0/8")
                .listener(listener)
                .build();
        IssuedCallback issued = callbacks.issue();
        String log = logOf(() -> {
            callbacks.verify(Wire.callback(issued.url(), text).remoteAddress("138.201.1.1"));
            callbacks.verify(
                    Wire.callback(issued.url()).remoteAddress("10.0.0.1").header("X-Forwarded-For", text));
            callbacks.verify(Wire.callback(issued.url()).remoteAddress(text));
            callbacks.verify(Wire.callback(issued.url()).method(text));
            callbacks.verify(TestRequest.get(Wire.URL)
                    .param("token", text)
                    .param("id", "1")
                    .param("code", text)
                    .remoteAddress("138.201.1.1"));
            assertAccepted(
                    callbacks.verify(Wire.callback(issued.url(), "1", text).remoteAddress("138.201.1.1")));
        });
        assertThat(log).doesNotContain("forged").doesNotContain("\u001b");
        assertThat(log.lines()).hasSize(5).allMatch(line -> line.contains("Refused a callback from "));
        assertThat(listener.events().toString()).doesNotContain("forged");
    }

    /** Pitfall 35: an answer is the application's, as the service meant it, and its text alone is masked. */
    @Test
    void verifyWhenCodeHoldsLineBreaksThenApplicationGetsThem() {
        CaptchaCallbacks callbacks = Wire.builder(clock).build();
        Callback callback = assertAccepted(
                        callbacks.verify(Wire.callback(callbacks.issue().url(), "1", "a\r\nb\u2028c")))
                .callback();
        assertThat(callback.solution()).isEqualTo("a\r\nb\u2028c");
        assertThat(callback.toString()).doesNotContain("\n");
    }

    /** A flood of forgeries must not become a flood of lines. */
    @Test
    void verifyWhenThousandsAreRefusedThenLogIsShortAndSaysHowManyWereLeftOut() {
        CaptchaCallbacks callbacks = Wire.builder(clock).build();
        TestRequest forged = Wire.withToken("x");
        String flood = logOf(() -> {
            for (int i = 0; i < 1_000; i++) {
                callbacks.verify(forged);
            }
        });
        assertThat(flood.lines()).hasSize(20);
        clock.advance(Duration.ofSeconds(10));
        String later = logOf(() -> callbacks.verify(forged));
        assertThat(later.lines()).hasSize(2);
        assertThat(later).contains("980 more");
    }

    @Test
    void verifyWhenThousandsAreRefusedThenAListenerIsToldOfEach() {
        CaptchaCallbacks callbacks = Wire.builder(clock).listener(listener).build();
        String log = logOf(() -> {
            for (int i = 0; i < 1_000; i++) {
                callbacks.verify(Wire.withToken("x"));
            }
        });
        assertThat(listener.events(CallbackEvent.Refused.class)).hasSize(1_000);
        assertThat(log.lines()).hasSize(20);
    }

    @Test
    void verifyWhenRefusedThenLogNamesClientReasonAndVerifiedReference() {
        CaptchaCallbacks callbacks = Wire.builder(clock).build();
        String token = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        String log = logOf(() -> callbacks.verify(Wire.withToken(token)));
        assertThat(log)
                .contains("198.51.100.7")
                .contains(Refusal.UNKNOWN_TASK.reason())
                .contains("403")
                .contains(Wire.REFERENCE);
    }

    // ---- listeners

    @Test
    void buildWhenSettingsAreOpenToDoubtThenWarns() {
        String log = logOf(() -> Wire.builder(clock)
                .publicUrl("http://your-server.com/captcha/callback")
                .build());

        assertThat(log).contains("WARN").contains("'public-url' is plain HTTP");
    }

    /** What an outsider can provoke takes no line from what he cannot. */
    @Test
    void logWhenForgeriesFloodItThenAStoreThatFailsIsStillSeen() {
        RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 10));
        CaptchaCallbacks callbacks = Wire.builder(clock).store(store).build();
        TestRequest genuine = Wire.callback(callbacks.issue().url());
        TestRequest forged =
                Wire.withToken(Wire.token("another-key", Wire.OLD_SECRET, Wire.REFERENCE, "1793000000", "x"));
        String log = logOf(() -> {
            for (int i = 0; i < 100; i++) {
                callbacks.verify(forged);
            }
            store.fail();
            callbacks.verify(genuine);
        });
        assertThat(log).contains("The callback store failed: The store is unavailable");
    }

    @Test
    void logWhenForgeriesFloodItThenAVerifiedCallbackThatIsRefusedIsStillSeen() {
        CaptchaCallbacks callbacks = Wire.builder(clock).build();
        String verified = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        String log = logOf(() -> {
            for (int i = 0; i < 100; i++) {
                callbacks.verify(Wire.withToken("x"));
            }
            callbacks.verify(Wire.withToken(verified));
        });
        assertThat(log.lines()).hasSize(21);
        assertThat(log).contains(Refusal.UNKNOWN_TASK.reason()).contains(Wire.REFERENCE);
    }

    @Test
    void eventWhenNothingIsSignedThenHoldsNoReferenceThatAnOutsiderHasMadeUp() {
        CaptchaCallbacks unsigned = Wire.unsigned(clock).listener(listener).build();
        assertRefused(unsigned.verify(Wire.callback(Wire.URL, "made-up")), Refusal.UNKNOWN_TASK);
        assertThat(listener.events(CallbackEvent.Refused.class))
                .extracting(CallbackEvent.Refused::reference, CallbackEvent.Refused::keyId)
                .containsExactly(tuple(null, null));
    }

    @Test
    void verifyWhenAListenerThrowsThenVerdictIsTheSameAndOthersAreTold() {
        CaptchaCallbacks callbacks = Wire.builder(clock)
                .listener(event -> {
                    throw new IllegalStateException("the listener is broken");
                })
                .listener(listener)
                .build();
        String log = logOf(() -> {
            TestRequest request = Wire.callback(callbacks.issue().url());
            Verdict.Accepted accepted = assertAccepted(callbacks.verify(request));
            assertThat(accepted.claim().release()).isTrue();
            assertThat(assertAccepted(callbacks.verify(request)).claim().settle())
                    .isTrue();
            assertRefused(callbacks.verify(request), Refusal.ALREADY_PROCESSED);
            assertThat(callbacks.submit(issued -> "1").taskId()).isEqualTo("1");
            callbacks.abandon(callbacks.issue().reference());
        });
        assertThat(listener.kinds())
                .containsExactly(
                        "Issued",
                        "Accepted",
                        "Released",
                        "Accepted",
                        "Settled",
                        "Refused",
                        "Issued",
                        "Bound",
                        "Issued",
                        "Abandoned");
        assertThat(log).contains("A CallbackEventListener failed on Issued").contains("the listener is broken");
    }

    @Test
    void verifyThenEventsSayWhenAndHowLong() {
        CaptchaCallbacks callbacks = Wire.builder(clock).listener(listener).build();
        IssuedCallback issued = callbacks.issue();
        callbacks.verify(Wire.callback(issued.url()));
        callbacks.verify(Wire.callback(issued.url()));
        assertThat(listener.events(CallbackEvent.Accepted.class))
                .singleElement()
                .satisfies(accepted -> {
                    assertThat(accepted.at()).isEqualTo(Wire.NOW);
                    assertThat(accepted.reference()).isEqualTo(issued.reference());
                    assertThat(accepted.taskId()).isEqualTo(Wire.TASK_ID);
                    assertThat(accepted.keyId()).isEqualTo(Wire.KEY);
                    assertThat(accepted.activeKey()).isTrue();
                    assertThat(accepted.took()).isPositive().isLessThan(Duration.ofSeconds(30));
                });
        assertThat(listener.events(CallbackEvent.Refused.class)).singleElement().satisfies(refused -> {
            assertThat(refused.at()).isEqualTo(Wire.NOW);
            assertThat(refused.reference()).isEqualTo(issued.reference());
            assertThat(refused.client()).isEqualTo("198.51.100.7");
        });
    }

    /** Pitfall 43, whatever a listener throws and however often. */
    @Test
    void verifyWhenAListenerEndsInAnErrorThenTheVerdictStandsAndTheLogIsNotFlooded() {
        CaptchaCallbacks callbacks = Wire.builder(clock)
                .listener(event -> {
                    throw new AssertionError("the listener is broken");
                })
                .build();
        TestRequest request = Wire.callback(callbacks.issue().url());
        String log = logOf(() -> {
            assertAccepted(callbacks.verify(request)).claim().settle();
            for (int i = 0; i < 1_000; i++) {
                callbacks.verify(Wire.callback(Wire.URL));
            }
            clock.advance(LogBudget.INTERVAL);
            callbacks.verify(request);
        });
        assertThat(log.split("A CallbackEventListener failed", -1)).hasSize(2);
        assertThat(log).contains("more failures of listeners were not logged");
    }

    @Test
    void announceThenOneLineSaysWhatIsGuardedAndNoSecret() {
        CallbackEndpoint endpoint = CallbackEndpoint.of(Wire.builder(clock)
                .signingKey(Wire.OLD_KEY, Wire.OLD_SECRET)
                .activeKey(Wire.KEY)
                .allowFrom("138.201.0.0/16")
                .build());
        String log = logOf(() -> {
            endpoint.announce();
            endpoint.announce();
        });
        assertThat(log)
                .contains(
                        "Callbacks are verified at /captcha/callback: methods GET, POST; signing key 2026-11, older keys"
                                + " 2026-05; store CaffeineCallbackStore; HTTPS required; source allowlist on")
                .doesNotContain(Wire.SECRET)
                .doesNotContain(Wire.OLD_SECRET)
                .hasLineCount(1);
    }

    @Test
    void logWhenTheApplicationHasNotTakenACallbackThenTheReferenceAndTheFix() {
        CaptchaCallbacks callbacks = Wire.builder(clock).build();
        IssuedCallback issued = callbacks.issue();
        Claim claim =
                assertAccepted(callbacks.verify(Wire.callback(issued.url()))).claim();
        assertThat(logOf(() -> claim.answered(403))).contains("WARN", issued.reference(), "allow the callback path");
    }

    @Test
    void logWhenAnAnswerIsADeadLetterThenTheReferenceTheReasonAndTheFixAndNotTheAnswer() {
        RecordingListener listener = new RecordingListener();
        CaptchaCallbacks callbacks = Wire.builder(clock).listener(listener).build();
        CallbackEndpoint endpoint = CallbackEndpoint.of(
                callbacks,
                callback -> {
                    throw new DoNotRetryException("the order was cancelled");
                },
                Runnable::run);
        IssuedCallback issued = callbacks.issue();
        String log = logOf(() -> {
            endpoint.receive(Wire.callback(issued.url()));
            assertThat(callbacks.deadLetters().orElseThrow().discard(issued.reference(), "refunded"))
                    .isTrue();
        });
        assertThat(log)
                .contains(
                        "WARN",
                        issued.reference(),
                        "the order was cancelled",
                        "replay",
                        "discard",
                        "168 hours",
                        "refunded")
                .doesNotContain(Wire.CODE);
        assertThat(listener.kinds()).containsExactly("Issued", "Accepted", "Dead", "Discarded");
        assertThat(listener.events().toString()).doesNotContain(Wire.CODE);
        endpoint.close();
    }

    @Test
    void announceWhenAHandlerTakesCallbacksThenTheLineSaysWhetherAnswersAreKept() {
        assertThat(announced(Wire.builder(clock)))
                .contains("their answers are kept until it has succeeded, in the memory of this process");
        assertThat(announced(Wire.builder(clock).store(new RecordingStore(new CaffeineCallbackStore(clock, 10)))))
                .contains("a crash loses those that wait for it", "use one that is a CallbackInbox");
        assertThat(announced(Wire.builder(clock).set("replay.enabled", "false")))
                .contains("a crash loses those that wait for it", "replay.enabled is off");
    }

    private static String announced(CaptchaCallbacksBuilder builder) {
        try (CallbackEndpoint endpoint = CallbackEndpoint.of(builder.build(), callback -> {})) {
            return logOf(endpoint::announce);
        }
    }
}
