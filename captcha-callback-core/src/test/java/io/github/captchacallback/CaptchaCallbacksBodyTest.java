package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests when the body is read, and that nothing is gained by sending it slowly. Pitfall 38. */
class CaptchaCallbacksBodyTest {

    private static final Duration SLOW = Duration.ofSeconds(33);

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final CaptchaCallbacks callbacks = Wire.builder(clock).build();
    private final CaptchaCallbacks replayOnly = Wire.replayOnly(clock).build();

    private TestRequest post(String url) {
        return TestRequest.post(url).form("id", Wire.TASK_ID).form("code", Wire.CODE);
    }

    private TestRequest slow(String url) {
        return post(url).whileBodyIsRead(() -> clock.advance(SLOW));
    }

    @Test
    void verifyWhenABodyTakesLongerThanTheLeaseThenTheUrlIsStillAcceptedOnce() {
        String url = callbacks.issue().url();
        Verdict first = callbacks.verify(slow(url));
        Claim claim = assertAccepted(first).claim();
        assertRefused(callbacks.verify(post(url)), Refusal.IN_PROGRESS);
        assertThat(claim.settle()).isTrue();
        assertRefused(callbacks.verify(slow(url)), Refusal.ALREADY_PROCESSED);
    }

    /** All were sent before the first had arrived, and arrive in the same moment. */
    @Test
    void verifyWhenManyBodiesOfOneUrlAreHeldBackTogetherThenOneIsAccepted() {
        String url = callbacks.issue().url();
        List<Verdict> verdicts = new ArrayList<>();
        TestRequest last = post(url).whileBodyIsRead(() -> clock.advance(SLOW));
        TestRequest outer = last;
        for (int i = 0; i < 29; i++) {
            TestRequest inner = outer;
            outer = post(url).whileBodyIsRead(() -> verdicts.add(callbacks.verify(inner)));
        }
        verdicts.add(callbacks.verify(outer));
        assertThat(verdicts).hasSize(30);
        assertThat(verdicts).filteredOn(Verdict.Accepted.class::isInstance).hasSize(1);
    }

    @Test
    void verifyWhenAUrlExpiresWhileItsBodyArrivesThenExpired() {
        String url = callbacks.issue().url();
        Duration ttl = callbacks.settings().freshness().ttl();
        TestRequest request = post(url).whileBodyIsRead(() -> clock.advance(ttl.plusSeconds(1)));
        assertRefused(callbacks.verify(request), Refusal.EXPIRED);
    }

    /** Its claim would be forgotten at once, and the URL accepted for ever. */
    @Test
    void verifyWhenAUsedUrlExpiresWhileItsBodyArrivesThenNotAcceptedAgain() {
        String url = replayOnly.issue().url();
        assertAccepted(replayOnly.verify(post(url))).claim().settle();
        Duration life = replayOnly.settings().freshness().ttl().plusSeconds(10);
        TestRequest request = post(url).whileBodyIsRead(() -> clock.advance(life));
        assertRefused(replayOnly.verify(request), Refusal.EXPIRED);
        assertRefused(replayOnly.verify(request), Refusal.EXPIRED);
    }

    @Test
    void verifyThenTheCallbackWasReceivedWhenItsBodyHadArrived() {
        Verdict.Accepted accepted =
                assertAccepted(callbacks.verify(slow(callbacks.issue().url())));
        assertThat(accepted.callback().receivedAt()).isEqualTo(Wire.NOW.plus(SLOW));
    }

    // ---- the body is the last that is read

    @Test
    void verifyWhenTheSignatureIsForgedThenTheBodyIsNotRead() {
        TestRequest forged = post(Wire.URL + "?token=" + Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS) + "0");
        assertRefused(callbacks.verify(forged), Refusal.MALFORMED);
        TestRequest ofAnotherKey =
                post(Wire.URL + "?token=" + Wire.token("2031-01", Wire.SECRET, Wire.REFERENCE, "1793000000", Wire.URL));
        assertRefused(callbacks.verify(ofAnotherKey), Refusal.INVALID_SIGNATURE);
        assertThat(forged.bodyReads() + ofAnotherKey.bodyReads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, 6})
    void verifyWhenTheUrlIsNotOfTheRightAgeThenTheBodyIsNotRead(long offset) {
        TestRequest expired = post(Wire.URL + "?token=" + Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS + offset));
        assertRefused(callbacks.verify(expired), Refusal.EXPIRED);
        assertThat(expired.bodyReads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"&id=1&id=2", "&code=1&code=2", "&id=%zz", "&token=x", "&id[]=1"})
    void verifyWhenTheQueryIsMalformedThenTheBodyIsNotRead(String more) {
        TestRequest malformed = post(callbacks.issue().url() + more);
        assertRefused(callbacks.verify(malformed), Refusal.MALFORMED);
        assertThat(malformed.bodyReads()).isZero();
    }

    @Test
    void verifyWhenTheTaskIdIsSignedAndInTheQueryThenAForgedTokensBodyIsNotRead() {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).build();
        TestRequest forged = TestRequest.post(
                        Wire.URL + "?token=" + "0".repeat(64) + "&ts=" + Wire.NOW_SECONDS + "&id=1")
                .form("code", "c");
        assertRefused(byTaskId.verify(forged), Refusal.INVALID_SIGNATURE);
        assertThat(forged.bodyReads()).isZero();
    }
}
