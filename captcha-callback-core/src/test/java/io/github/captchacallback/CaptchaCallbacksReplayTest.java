package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static io.github.captchacallback.VerdictAssertions.assertRepeated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a callback is accepted once, for as long as its URL could be used, and what the claim on it is worth. */
class CaptchaCallbacksReplayTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();
    private final CaptchaCallbacks callbacks =
            Wire.builder(clock).listener(listener).build();

    private CaptchaCallbacks duplicatesOk() {
        return Wire.builder(clock)
                .set("replay.duplicates", "ok")
                .listener(listener)
                .build();
    }

    private static Claim claim(CaptchaCallbacks callbacks, TestRequest request) {
        return assertAccepted(callbacks.verify(request)).claim();
    }

    // ---- once

    @Test
    void verifyWhenTokenReplayedThenRefusedAsProcessed() {
        TestRequest request = Wire.callback(callbacks.issue().url());
        Claim claim = claim(callbacks, request);
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);
        claim.settle();
        assertRefused(callbacks.verify(request), Refusal.ALREADY_PROCESSED);
        clock.advance(LEASE.multipliedBy(2));
        assertRefused(callbacks.verify(request), Refusal.ALREADY_PROCESSED);
    }

    @Test
    void verifyWhenReplayedWithAnotherAnswerThenRefusedAsProcessed() {
        String url = callbacks.issue().url();
        claim(callbacks, Wire.callback(url, "1", "first")).settle();
        assertRefused(callbacks.verify(Wire.callback(url, "1", "second")), Refusal.ALREADY_PROCESSED);
    }

    @Test
    void verifyWhenReplayedByTheOtherMethodThenRefusedAsProcessed() {
        String url = callbacks.issue().url();
        claim(callbacks, Wire.callback(url, "1", "c")).settle();
        assertRefused(
                callbacks.verify(TestRequest.post(url).form("id", "1").form("code", "c")), Refusal.ALREADY_PROCESSED);
    }

    /** Pitfall 4: a test of membership and then a removal let two duplicates pass. */
    @Test
    void verifyWhenEightyThreadsComeWithTheSameCallbackThenOneIsAccepted() throws Exception {
        for (int round = 0; round < 20; round++) {
            String url = callbacks.issue().url();
            List<Verdict> verdicts = Race.run(80, () -> callbacks.verify(Wire.callback(url)));
            assertThat(verdicts).filteredOn(Verdict.Accepted.class::isInstance).hasSize(1);
            assertThat(verdicts)
                    .filteredOn(Verdict.Refused.class::isInstance)
                    .hasSize(79)
                    .allSatisfy(verdict -> assertRefused(verdict, Refusal.IN_PROGRESS));
        }
    }

    @Test
    void verifyWhenEightyThreadsComeUnexpectedThenOneIsAccepted() throws Exception {
        CaptchaCallbacks replayOnly = Wire.replayOnly(clock).build();
        String url = replayOnly.issue().url();
        List<Verdict> verdicts = Race.run(80, () -> replayOnly.verify(Wire.callback(url)));
        assertThat(verdicts).filteredOn(Verdict.Accepted.class::isInstance).hasSize(1);
    }

    @Test
    void verifyWhenSeveralNodesShareAStoreThenOneOfThemAccepts() throws Exception {
        CallbackStore shared = new CaffeineCallbackStore(clock, 100);
        CaptchaCallbacks issuer = Wire.builder(clock).store(shared).build();
        String url = issuer.issue().url();
        List<Callable<Verdict>> nodes = IntStream.range(0, 8)
                .mapToObj(i -> Wire.builder(clock).store(shared).build())
                .<Callable<Verdict>>map(node -> () -> node.verify(Wire.callback(url)))
                .toList();
        assertThat(Race.run(nodes))
                .filteredOn(Verdict.Accepted.class::isInstance)
                .hasSize(1);
    }

    /** Pitfall 4: used ids were kept for ever. */
    @Test
    void verifyWhenUrlsHaveExpiredThenStoreHasRoomAgain() {
        CaptchaCallbacks small = Wire.builder(clock).set("store.capacity", "2").build();
        for (int round = 0; round < 10; round++) {
            claim(small, Wire.callback(small.issue().url())).settle();
            small.issue();
            clock.advance(Duration.ofMinutes(6));
        }
    }

    /** How long an old URL's callback takes a place goes by when it was issued, not by when its callback came. */
    @Test
    void verifyWhenUrlWasOldThenItIsForgottenWithItsToken() {
        CaptchaCallbacks small =
                Wire.replayOnly(clock).set("store.capacity", "1").build();
        claim(small, Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS - 300)))
                .settle();
        clock.advance(Duration.ofSeconds(40));
        claim(small, Wire.withToken(Wire.token("A".repeat(22), Wire.NOW_SECONDS)));
    }

    // ---- the claim

    @Test
    void releaseThenCallbackMayComeAgain() {
        TestRequest request = Wire.callback(callbacks.issue().url());
        assertThat(claim(callbacks, request).release()).isTrue();
        assertThat(claim(callbacks, request).settle()).isTrue();
        assertRefused(callbacks.verify(request), Refusal.ALREADY_PROCESSED);
        assertThat(listener.kinds())
                .containsExactly("Issued", "Accepted", "Released", "Accepted", "Settled", "Refused");
    }

    @Test
    void releaseThenOnlyTheSameTasksCallbackMayComeAgain() {
        String url = callbacks.issue().url();
        claim(callbacks, Wire.callback(url, "1", "c")).release();
        assertRefused(callbacks.verify(Wire.callback(url, "2", "c")), Refusal.UNKNOWN_TASK);
        claim(callbacks, Wire.callback(url, "1", "another"));
    }

    @Test
    void verifyWhenLeaseIsOverThenCallbackMayComeAgain() {
        TestRequest request = Wire.callback(callbacks.issue().url());
        Claim first = claim(callbacks, request);
        clock.advance(LEASE.minusMillis(1));
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);
        clock.advance(Duration.ofMillis(1));
        Claim second = claim(callbacks, request);
        assertThat(first.settle()).isFalse();
        assertThat(first.release()).isFalse();
        assertThat(first.renew()).isFalse();
        assertThat(second.settle()).isTrue();
    }

    @Test
    void verifyWhenLeaseIsConfiguredThenThatOneCounts() {
        CaptchaCallbacks other =
                Wire.builder(clock).set("replay.lease", "1500ms").build();
        TestRequest request = Wire.callback(other.issue().url());
        claim(other, request);
        clock.advance(Duration.ofMillis(1_499));
        assertRefused(other.verify(request), Refusal.IN_PROGRESS);
        clock.advance(Duration.ofMillis(1));
        claim(other, request);
    }

    @Test
    void renewThenLeaseStartsAnew() {
        TestRequest request = Wire.callback(callbacks.issue().url());
        Claim claim = claim(callbacks, request);
        clock.advance(Duration.ofSeconds(20));
        assertThat(claim.renew()).isTrue();
        clock.advance(LEASE.minusMillis(1));
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);
        assertThat(claim.settle()).isTrue();
    }

    @Test
    void settleWhenEndedBeforeThenFalseAndNobodyIsTold() {
        Claim settled = claim(callbacks, Wire.callback(callbacks.issue().url()));
        assertThat(settled.settle()).isTrue();
        assertThat(settled.settle()).isFalse();
        assertThat(settled.release()).isFalse();
        assertThat(settled.renew()).isFalse();
        Claim released = claim(callbacks, Wire.callback(callbacks.issue().url()));
        assertThat(released.release()).isTrue();
        assertThat(released.release()).isFalse();
        assertThat(released.settle()).isFalse();
        assertThat(listener.events(CallbackEvent.Settled.class)).hasSize(1);
        assertThat(listener.events(CallbackEvent.Released.class)).hasSize(1);
    }

    @Test
    void settleThenListenerIsToldWhenAndOfWhat() {
        IssuedCallback issued = callbacks.issue();
        Claim claim = claim(callbacks, Wire.callback(issued.url()));
        clock.advance(Duration.ofSeconds(3));
        claim.settle();
        assertThat(listener.events(CallbackEvent.Settled.class))
                .containsExactly(new CallbackEvent.Settled(Wire.NOW.plusSeconds(3), issued.reference()));
    }

    // ---- duplicates=ok

    @Test
    void verifyWhenDuplicatesAreOkThenSameCallbackIsRepeatedAndNotHandedOn() {
        CaptchaCallbacks ok = duplicatesOk();
        IssuedCallback issued = ok.issue();
        claim(ok, Wire.callback(issued.url(), "1", "c")).settle();
        Verdict.Repeated repeated = assertRepeated(ok.verify(Wire.callback(issued.url(), "1", "c")));
        assertThat(repeated.answer()).isEqualTo(CallbackAnswer.ok());
        assertThat(repeated.callback().solution()).isEqualTo("c");
        assertRepeated(ok.verify(TestRequest.post(issued.url()).form("id", "1").form("code", "c")));
        assertThat(listener.kinds()).containsExactly("Issued", "Accepted", "Settled", "Repeated", "Repeated");
        assertThat(listener.events(CallbackEvent.Repeated.class))
                .extracting(CallbackEvent.Repeated::reference, CallbackEvent.Repeated::keyId)
                .containsOnly(tuple(issued.reference(), Wire.KEY));
    }

    @Test
    void verifyWhenDuplicatesAreOkThenAnotherAnswerIsAConflict() {
        CaptchaCallbacks ok = duplicatesOk();
        String url = ok.issue().url();
        claim(ok, Wire.callback(url, "1", "c")).settle();
        assertRefused(ok.verify(Wire.callback(url, "1", "C")), Refusal.ALREADY_PROCESSED);
        assertRefused(ok.verify(Wire.callback(url, "1", "c ")), Refusal.ALREADY_PROCESSED);
        assertRefused(ok.verify(Wire.callback(url, "2", "c")), Refusal.UNKNOWN_TASK);
    }

    @Test
    void verifyWhenDuplicatesAreOkThenReleasedCallbackIsAcceptedAgain() {
        CaptchaCallbacks ok = duplicatesOk();
        TestRequest request = Wire.callback(ok.issue().url());
        claim(ok, request).release();
        claim(ok, request);
    }

    @Test
    void verifyWhenDuplicatesAreOkThenForgedOrExpiredRepeatIsStillRefused() {
        CaptchaCallbacks ok = duplicatesOk();
        String url = ok.issue().url();
        claim(ok, Wire.callback(url)).settle();
        assertRefused(ok.verify(Wire.callback(url.replaceFirst(".$", "x"))), Refusal.MALFORMED);
        clock.advance(Duration.ofSeconds(301));
        assertRefused(ok.verify(Wire.callback(url)), Refusal.EXPIRED);
    }

    @Test
    void verifyWhenDuplicatesAreOkAndErrorDetailIsOffThenRepeatIsStillOk() {
        CaptchaCallbacks ok = Wire.builder(clock)
                .set("replay.duplicates", "ok")
                .set("error-detail", "false")
                .build();
        TestRequest request = Wire.callback(ok.issue().url());
        claim(ok, request).settle();
        assertRepeated(ok.verify(request));
    }

    @Test
    void verifyWhenDuplicatesAreOkThenOneOfManyThreadsHandsItOn() throws Exception {
        CaptchaCallbacks ok = duplicatesOk();
        String url = ok.issue().url();
        List<Verdict> verdicts = Race.run(80, () -> ok.verify(Wire.callback(url)));
        assertThat(verdicts).filteredOn(Verdict.Accepted.class::isInstance).hasSize(1);
        assertThat(verdicts)
                .filteredOn(Verdict.Refused.class::isInstance)
                .hasSize(79)
                .allSatisfy(verdict -> assertRefused(verdict, Refusal.IN_PROGRESS));
    }

    /** A service that was told OK does not come again, so that OK is told once the application has the answer. */
    @Test
    void verifyWhenDuplicatesAreOkThenARepeatIsOkOnceTheFirstIsSettled() {
        CaptchaCallbacks ok = duplicatesOk();
        TestRequest request = Wire.callback(ok.issue().url());
        Claim claim = claim(ok, request);
        assertRefused(ok.verify(request), Refusal.IN_PROGRESS);
        claim.settle();
        assertRepeated(ok.verify(request));
    }

    @Test
    void verifyWhenInProgressThenTheServiceLearnsWhenToComeAgain() {
        TestRequest request = Wire.callback(callbacks.issue().url());
        claim(callbacks, request);
        assertThat(retryAfter(request)).isEqualTo("30");
        clock.advance(Duration.ofMillis(10_001));
        assertThat(retryAfter(request)).isEqualTo("20");
        clock.advance(LEASE.minusMillis(10_002));
        assertThat(retryAfter(request)).isEqualTo("1");
    }

    private @Nullable String retryAfter(TestRequest request) {
        return assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS)
                .answer()
                .headers()
                .get("Retry-After");
    }

    // ---- replay off

    @Test
    void verifyWhenReplayIsOffThenAcceptedEveryTimeForTheSameTask() {
        CaptchaCallbacks many =
                Wire.builder(clock).set("replay.enabled", "false").build();
        String url = many.issue().url();
        for (int i = 0; i < 3; i++) {
            Claim claim = claim(many, Wire.callback(url, "1", "c" + i));
            assertThat(claim.renew()).isTrue();
            assertThat(claim.settle()).isTrue();
        }
        assertThat(claim(many, Wire.callback(url, "1", "d")).release()).isTrue();
        assertRefused(many.verify(Wire.callback(url, "2")), Refusal.UNKNOWN_TASK);
        assertRefused(many.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS))), Refusal.UNKNOWN_TASK);
        clock.advance(Duration.ofSeconds(301));
        assertRefused(many.verify(Wire.callback(url, "1")), Refusal.EXPIRED);
    }

    @Test
    void verifyWhenReplayAndPendingAreOffThenStoreIsNotAsked() {
        RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 1));
        CaptchaCallbacks stateless = Wire.replayOnly(clock)
                .set("replay.enabled", "false")
                .store(store)
                .build();
        TestRequest request = Wire.callback(stateless.issue().url());
        for (int i = 0; i < 3; i++) {
            assertThat(claim(stateless, request).settle()).isTrue();
        }
        assertThat(store.calls()).isEmpty();
    }

    // ---- how long

    /**
     * Pitfall 25: what is forgotten before its token has expired can be used again. The token here is from the future by
     * all of the skew, and every quarter of a second of its life is tried, and some of the time after it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verifyWhenRetentionAndTokenRunOutThenThereIsNoMomentToReplayIt(boolean pending) {
        CaptchaCallbacks each = Wire.builder(clock)
                .set("pending.enabled", Boolean.toString(pending))
                .build();
        String reference = pending ? each.issue().reference() : Wire.REFERENCE;
        TestRequest request = Wire.withToken(Wire.token(reference, Wire.NOW_SECONDS + (pending ? 0 : 5)));
        claim(each, request).settle();
        for (int i = 0; i < 4 * 400; i++) {
            Verdict verdict = each.verify(request);
            assertThat(verdict).isInstanceOf(Verdict.Refused.class);
            clock.advance(Duration.ofMillis(250));
        }
        assertRefused(each.verify(request), Refusal.EXPIRED);
    }

    /** Pitfall 25, with two nodes whose clocks are as far apart as they may be, and one store. */
    @Test
    void verifyWhenAnotherNodesClockIsBehindThenStoreStillRemembersWhatThatNodeWouldAccept() {
        MutableClock behind = new MutableClock(Wire.NOW.minusSeconds(5));
        CallbackStore shared = new CaffeineCallbackStore(clock, 100);
        CaptchaCallbacks ahead = Wire.replayOnly(clock).store(shared).build();
        CaptchaCallbacks late = Wire.replayOnly(behind).store(shared).build();
        TestRequest request = Wire.callback(late.issue().url());
        claim(ahead, request).settle();
        Verdict last = late.verify(request);
        for (int i = 0; i < 4 * 320; i++) {
            assertThat(last).isInstanceOf(Verdict.Refused.class);
            clock.advance(Duration.ofMillis(250));
            behind.advance(Duration.ofMillis(250));
            last = late.verify(request);
        }
        assertRefused(last, Refusal.EXPIRED);
    }

    @Test
    void verifyWhenTokenIsInItsLastMillisecondThenReplayIsStillKnown() {
        CaptchaCallbacks replayOnly = Wire.replayOnly(clock).build();
        TestRequest request = Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS));
        claim(replayOnly, request).settle();
        clock.set(Instant.ofEpochSecond(Wire.NOW_SECONDS + 301).minusMillis(1));
        assertRefused(replayOnly.verify(request), Refusal.ALREADY_PROCESSED);
        clock.advance(Duration.ofMillis(1));
        assertRefused(replayOnly.verify(request), Refusal.EXPIRED);
    }

    /** Pitfall 25: a full store refuses what is new, and remembers what was used. */
    @Test
    void verifyWhenStoreIsFullThenWhatWasUsedIsNotForgotten() {
        CaptchaCallbacks small =
                Wire.replayOnly(clock).set("store.capacity", "1").build();
        TestRequest used = Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS));
        claim(small, used).settle();
        for (int i = 0; i < 100; i++) {
            assertRefused(
                    small.verify(Wire.withToken(Wire.token("%022d".formatted(i), Wire.NOW_SECONDS))),
                    Refusal.UNAVAILABLE);
            assertRefused(small.verify(used), Refusal.ALREADY_PROCESSED);
        }
    }

    /** Pitfall 26: neither the token nor what the store has forgotten comes back with the clock. */
    @Test
    void verifyWhenClockStepsBackThenUsedCallbackIsNotAcceptedAgain() {
        CaptchaCallbacks replayOnly = Wire.replayOnly(clock).build();
        TestRequest request = Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS));
        claim(replayOnly, request).settle();
        clock.advance(Duration.ofMinutes(10));
        assertRefused(replayOnly.verify(request), Refusal.EXPIRED);
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofMinutes(-1));
            assertRefused(replayOnly.verify(request), Refusal.EXPIRED);
        }
    }

    @Test
    void verifyWhenClockStepsBackThenCallbacksAreStillAccepted() {
        String before = callbacks.issue().url();
        clock.advance(Duration.ofHours(-1));
        String after = callbacks.issue().url();
        assertAccepted(callbacks.verify(Wire.callback(before)));
        assertAccepted(callbacks.verify(Wire.callback(after)));
    }
}
