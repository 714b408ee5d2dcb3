package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreFullException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what the store is asked, when, and what becomes of a callback where it fails. */
class CaptchaCallbacksStoreTest {

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();
    private final RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 10_000));

    private CaptchaCallbacks callbacks(boolean pending) {
        return Wire.builder(clock)
                .set("pending.enabled", Boolean.toString(pending))
                .store(store)
                .listener(listener)
                .build();
    }

    /** Pitfall 30: 503 and nothing accepted; and no 409, which would tell the service to stop trying. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verifyWhenStoreIsUnavailableThenUnavailableAndNothingIsAccepted(boolean pending) {
        CaptchaCallbacks callbacks = callbacks(pending);
        TestRequest request = Wire.callback(callbacks.issue().url());
        store.fail();
        for (int i = 0; i < 3; i++) {
            Verdict.Refused refused = assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE);
            assertThat(refused.answer().status()).isEqualTo(503);
            assertThat(refused.answer().headers().get("Retry-After")).matches("[1-9][0-9]*");
        }
        store.recover();
        assertAccepted(callbacks.verify(request));
    }

    @Test
    void verifyWhenStoreIsUnavailableThenListenerIsToldWhatTheStoreSays() {
        CaptchaCallbacks callbacks = callbacks(true);
        IssuedCallback issued = callbacks.issue();
        store.fail();
        callbacks.verify(Wire.callback(issued.url()));
        assertThat(listener.kinds()).containsExactly("Issued", "StoreFailed", "Refused");
        assertThat(listener.events(CallbackEvent.StoreFailed.class))
                .containsExactly(new CallbackEvent.StoreFailed(Wire.NOW, "The store is unavailable"));
        assertThat(listener.events(CallbackEvent.Refused.class)).singleElement().satisfies(refused -> {
            assertThat(refused.refusal()).isEqualTo(Refusal.UNAVAILABLE);
            assertThat(refused.reference()).isEqualTo(issued.reference());
        });
    }

    @Test
    void verifyWhenUsedAndStoreIsUnavailableThenUnavailableAndNotProcessed() {
        CaptchaCallbacks callbacks = callbacks(true);
        TestRequest request = Wire.callback(callbacks.issue().url());
        assertAccepted(callbacks.verify(request)).claim().settle();
        store.fail();
        assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE);
    }

    @Test
    void verifyWhenErrorDetailIsOffThenUnavailableIsStillTold() {
        CaptchaCallbacks callbacks =
                Wire.builder(clock).set("error-detail", "false").store(store).build();
        TestRequest request = Wire.callback(callbacks.issue().url());
        store.fail();
        assertThat(assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE)
                        .answer()
                        .status())
                .isEqualTo(503);
    }

    @Test
    void verifyWhenStoreIsFullThenUnavailableUntilEntriesHaveExpired() {
        CaptchaCallbacks small =
                Wire.replayOnly(clock).set("store.capacity", "1").build();
        assertAccepted(small.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS))));
        clock.advance(Duration.ofMinutes(4));
        TestRequest another = Wire.withToken(Wire.token("A".repeat(22), Wire.NOW_SECONDS + 240));
        assertRefused(small.verify(another), Refusal.UNAVAILABLE);
        clock.advance(Duration.ofMinutes(2));
        assertAccepted(small.verify(another));
    }

    @Test
    void verifyWhenStoreThrowsWhatItShouldNotThenUnavailableAllTheSame() {
        CaptchaCallbacks callbacks = callbacks(true);
        TestRequest request = Wire.callback(callbacks.issue().url());
        store.failWith(new IllegalArgumentException("a bug of the store's"));
        assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE);
        assertThat(listener.events(CallbackEvent.StoreFailed.class))
                .extracting(CallbackEvent.StoreFailed::reason)
                .containsExactly("java.lang.IllegalArgumentException: a bug of the store's");
        store.recover();
        assertAccepted(callbacks.verify(request));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verifyWhenAnAnswerOfTheStoreIsLostThenTheSameClaimIsAskedForAgain(boolean pending) {
        CaptchaCallbacks callbacks = callbacks(pending);
        TestRequest request = Wire.callback(callbacks.issue().url());
        store.loseAnswers(1);
        Claim claim = assertAccepted(callbacks.verify(request)).claim();
        assertThat(listener.kinds()).containsExactly("Issued", "Accepted");
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);
        assertThat(claim.settle()).isTrue();
    }

    /** Nobody works on the claim that the store made and could not tell: the service's next attempt must not meet it. */
    @Test
    void verifyWhenTwoAnswersOfTheStoreAreLostThenUnavailableAndTheClaimIsReleased() {
        CaptchaCallbacks callbacks = callbacks(true);
        TestRequest request = Wire.callback(callbacks.issue().url());
        store.loseAnswers(2);
        assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE);
        assertThat(listener.events(CallbackEvent.StoreFailed.class)).hasSize(1);
        store.awaitRelease();
        assertAccepted(callbacks.verify(request));
        callbacks.close();
    }

    /** A store that nodes share repeats a step itself, within its timeout. Nobody waits for that twice. */
    @Test
    void verifyWhenStoreHasUsedUpItsTimeThenNotAskedAgainAndTheClaimIsReleased() {
        CaptchaCallbacks callbacks = callbacks(true);
        TestRequest request = Wire.callback(callbacks.issue().url());
        store.loseAnswers(1);
        store.beforeEachClaim(() -> clock.advance(Duration.ofSeconds(2)));
        assertRefused(callbacks.verify(request), Refusal.UNAVAILABLE);
        store.awaitRelease();
        assertThat(store.calls()).startsWith("expect", "claim", "release");
        callbacks.close();
    }

    @Test
    void verifyWhenStoreIsFullThenNotAskedAgainAndNothingIsReleased() {
        CaptchaCallbacks callbacks = callbacks(false);
        store.failWith(new CallbackStoreFullException("The store is full"));
        assertRefused(
                callbacks.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS))), Refusal.UNAVAILABLE);
        assertThat(store.calls()).containsExactly("claimUnseen");
    }

    @Test
    void settleWhenStoreIsUnavailableThenThrowsAndLeaseRunsOut() {
        CaptchaCallbacks callbacks = callbacks(true);
        TestRequest request = Wire.callback(callbacks.issue().url());
        Claim claim = assertAccepted(callbacks.verify(request)).claim();
        store.fail();
        assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(claim::settle);
        assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(claim::release);
        assertThat(claim.renew()).as("the lease still runs").isTrue();
        store.recover();
        assertThat(listener.kinds()).containsExactly("Issued", "Accepted");
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);
        clock.advance(Duration.ofSeconds(30));
        assertAccepted(callbacks.verify(request));
    }

    /** Pitfall 28: anything written before the signature has passed is an attack on memory. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verifyWhenThousandsOfForgedRequestsComeThenStoreIsNeverAsked(boolean pending) {
        CaptchaCallbacks callbacks = callbacks(pending);
        String genuine = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        Random random = new Random(28);
        for (int i = 0; i < 5_000; i++) {
            Verdict verdict = callbacks.verify(Wire.callback(
                    Wire.URL + "?token=" + forge(genuine, random), Integer.toString(random.nextInt(1_000_000))));
            assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        }
        assertThat(store.calls()).isEmpty();
        assertThat(listener.events(CallbackEvent.Refused.class))
                .hasSize(5_000)
                .allSatisfy(refused -> assertThat(refused.refusal()).isIn(Refusal.MALFORMED, Refusal.INVALID_SIGNATURE))
                .extracting(CallbackEvent.Refused::refusal)
                .contains(Refusal.MALFORMED, Refusal.INVALID_SIGNATURE);
    }

    /** Returns a token that nobody signed: another character somewhere, or fields of the forger's own. */
    private static String forge(String genuine, Random random) {
        int at = random.nextInt(genuine.length());
        char there = genuine.charAt(at);
        return switch (random.nextInt(4)) {
            case 0 -> genuine.substring(0, at) + (there == '0' ? '1' : '0') + genuine.substring(at + 1);
            case 1 -> genuine.substring(0, at);
            case 2 ->
                Wire.token("%022d".formatted(random.nextInt(1_000)), Wire.NOW_SECONDS)
                        .replaceFirst("[0-9a-f]{8}$", "%08x".formatted(random.nextInt()));
            default ->
                Wire.token(
                        Wire.KEY,
                        "a secret that the forger has made up himself",
                        "%022d".formatted(random.nextInt(1_000)),
                        Long.toString(Wire.NOW_SECONDS),
                        Wire.URL);
        };
    }

    /** Pitfall 28: the age is checked before the store is asked, too. */
    @Test
    void verifyWhenGenuineTokensHaveExpiredThenStoreIsNeverAsked() {
        CaptchaCallbacks callbacks = callbacks(false);
        for (int i = 301; i < 400; i++) {
            String reference = "%022d".formatted(i);
            assertRefused(
                    callbacks.verify(Wire.withToken(Wire.token(reference, Wire.NOW_SECONDS - i))), Refusal.EXPIRED);
        }
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void verifyWhenTaskIdIsForgedThenStoreIsNeverAsked() {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).store(store).build();
        for (int i = 0; i < 1_000; i++) {
            assertRefused(
                    byTaskId.verify(Wire.callback(
                            Wire.URL + "?ts=" + Wire.NOW_SECONDS + "&token=" + "%064x".formatted(i), "1")),
                    Refusal.INVALID_SIGNATURE);
        }
        assertThat(store.calls()).isEmpty();
    }

    /** Pitfall 28, with the store in memory: nothing an outsider sends takes a place in it. */
    @Test
    void verifyWhenForgedRequestsComeThenStoreHasRoomForGenuineOnes() {
        CaptchaCallbacks small =
                Wire.replayOnly(clock).set("store.capacity", "1").build();
        Random random = new Random(29);
        String genuine = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        for (int i = 0; i < 1_000; i++) {
            small.verify(Wire.withToken(forge(genuine, random)));
        }
        assertAccepted(small.verify(Wire.withToken(genuine)));
    }

    @Test
    void verifyWhenRefusedBeforeTheSignatureThenEventHasNoReference() {
        CaptchaCallbacks callbacks = callbacks(true);
        String url = callbacks.issue().url();
        callbacks.verify(Wire.callback(url).method("HEAD"));
        callbacks.verify(Wire.callback(url).secure(false));
        callbacks.verify(Wire.callback(url).param("id", "2"));
        callbacks.verify(Wire.callback(url.replaceFirst(".$", "g")));
        callbacks.verify(Wire.withToken(Wire.token("2031-01", Wire.SECRET, Wire.REFERENCE, "1793000000", Wire.URL)));
        assertThat(listener.events(CallbackEvent.Refused.class))
                .hasSize(5)
                .extracting(CallbackEvent.Refused::reference)
                .containsOnlyNulls();
    }
}
