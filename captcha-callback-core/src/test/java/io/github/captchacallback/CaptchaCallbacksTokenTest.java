package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.captchacallback.http.Refusal;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests who signed a URL, and how old it may be, in both schemes and both styles of URL. */
class CaptchaCallbacksTokenTest {

    private static final Duration TTL = Duration.ofMinutes(5);

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();
    private final CaptchaCallbacks callbacks =
            Wire.replayOnly(clock).listener(listener).build();

    private CaptchaCallbacks rotated(String activeKey) {
        return Wire.replayOnly(clock)
                .signingKey(Wire.OLD_KEY, Wire.OLD_SECRET)
                .activeKey(activeKey)
                .listener(listener)
                .build();
    }

    private void assertToken(String token, Refusal refusal) {
        assertRefused(callbacks.verify(Wire.withToken(token)), refusal);
    }

    // ---- the tutorial's own code

    /** Pitfall 1: the check of a timestamp that is not there was skipped. */
    @Test
    void verifyWhenTimestampIsMissingThenMalformed() {
        CaptchaCallbacks timed = Wire.taskIdScheme(clock).build();
        String url = timed.issueFor(Wire.TASK_ID).url();
        String bare = Wire.mac(Wire.SECRET, Wire.TASK_ID);
        assertRefused(timed.verify(Wire.callback(url.replaceFirst("&ts=.*", ""))), Refusal.MALFORMED);
        assertRefused(timed.verify(Wire.callback(Wire.URL + "?token=" + bare)), Refusal.MALFORMED);
        assertRefused(timed.verify(Wire.callback(Wire.URL + "?token=" + bare + "&ts=")), Refusal.MALFORMED);
        assertRefused(
                timed.verify(TestRequest.post(url.replaceFirst("&ts=.*", ""))
                        .form("id", Wire.TASK_ID)
                        .form("code", Wire.CODE)
                        .form("ts", Long.toString(Wire.NOW_SECONDS))),
                Refusal.MALFORMED);
        for (String second : new String[] {"ts=" + Wire.NOW_SECONDS, "ts=1", "ts", "ts[]=1", "t%73=1", "ts%5B0%5D=1"}) {
            assertRefused(timed.verify(Wire.callback(url).rawParam(second)), Refusal.MALFORMED);
            assertRefused(
                    timed.verify(TestRequest.post(url)
                            .form("id", Wire.TASK_ID)
                            .form("code", Wire.CODE)
                            .rawForm(second)),
                    Refusal.MALFORMED);
        }
        assertAccepted(timed.verify(Wire.callback(url)));
    }

    /** Pitfalls 1 and 24: signed or not, a timestamp of another form is no timestamp. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nan",
                "NaN",
                "abc",
                "+1793000000",
                "-1793000000",
                "-1",
                "0",
                "01793000000",
                " 1793000000",
                "1793000000 ",
                "1793000000\n",
                "1793000000.0",
                "1793000000L",
                "1.793e9",
                "0x6ADF0A40",
                "1_793_000_000",
                "1793000000000",
                "99999999999999999999",
                "9223372036854775807",
                "١٧٩٣٠٠٠٠٠٠",
                "１７９３００００００",
                "infinity",
                "null"
            })
    void verifyWhenTimestampHasAnotherFormThenMalformed(String timestamp) {
        CaptchaCallbacks timed = Wire.taskIdScheme(clock).build();
        timed.issueFor(Wire.TASK_ID);
        String mac = Wire.mac(Wire.SECRET, Wire.TASK_ID + "\n" + timestamp);
        assertRefused(
                timed.verify(Wire.callback(Wire.URL + "?token=" + mac).param("ts", timestamp)), Refusal.MALFORMED);
        assertRefused(
                callbacks.verify(TestRequest.get(Wire.URL)
                        .param("id", "1")
                        .param("code", "c")
                        .param("token", Wire.token(Wire.KEY, Wire.SECRET, Wire.REFERENCE, timestamp, Wire.URL))),
                Refusal.MALFORMED);
    }

    /** Pitfall 1: anyone made an old callback fresh. */
    @Test
    void verifyWhenTimestampWasMadeFreshThenInvalidSignature() {
        CaptchaCallbacks timed = Wire.taskIdScheme(clock).build();
        String url = timed.issueFor(Wire.TASK_ID).url();
        clock.advance(TTL.plusSeconds(1));
        assertRefused(timed.verify(Wire.callback(url)), Refusal.EXPIRED);
        assertRefused(
                timed.verify(Wire.callback(url.replace("ts=" + Wire.NOW_SECONDS, "ts=" + (Wire.NOW_SECONDS + 300)))),
                Refusal.INVALID_SIGNATURE);
    }

    /** Pitfall 2: a token that was missing or of another length ended in a 500. */
    @ParameterizedTest
    @MethodSource("misshapenTokens")
    void verifyWhenTokenIsMisshapenThenMalformed(String token) {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).build();
        byTaskId.issueFor(Wire.TASK_ID);
        for (CaptchaCallbacks each : new CaptchaCallbacks[] {callbacks, byTaskId}) {
            TestRequest request = TestRequest.get(Wire.URL)
                    .param("token", token)
                    .param("id", Wire.TASK_ID)
                    .param("code", Wire.CODE)
                    .param("ts", Long.toString(Wire.NOW_SECONDS));
            assertRefused(each.verify(request), Refusal.MALFORMED);
        }
    }

    static Stream<String> misshapenTokens() {
        String good = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        String mac = Wire.mac(Wire.SECRET, Wire.TASK_ID + "\n" + Wire.NOW_SECONDS);
        return Stream.of(
                "",
                ".",
                "x",
                "null",
                "undefined",
                "[object Object]",
                good.substring(1),
                good.substring(0, good.length() - 1),
                good + "0",
                good + ".",
                good.toUpperCase(Locale.ROOT),
                " " + good,
                good + "\n",
                good.replace('.', ':'),
                mac.substring(1),
                mac + "0",
                mac.toUpperCase(Locale.ROOT),
                mac.replaceFirst("..$", ""),
                mac.substring(0, 63) + "g",
                mac.substring(0, 63) + "é",
                mac.substring(0, 62) + "😀",
                good.substring(0, good.length() - 2) + "😀",
                good.substring(0, good.length() - 64) + "😀".repeat(32),
                "v1.2026-11." + "😀".repeat(100),
                mac.substring(0, 63) + "\0",
                "0x" + mac.substring(2),
                "x".repeat(100_000),
                "v1." + "a".repeat(100_000));
    }

    @Test
    void verifyWhenTokenIsMissingThenMalformed() {
        assertRefused(callbacks.verify(Wire.callback(Wire.URL)), Refusal.MALFORMED);
        CaptchaCallbacks inPath =
                Wire.replayOnly(clock).set("signature.url-style", "path").build();
        String token = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        assertRefused(inPath.verify(Wire.callback(Wire.URL)), Refusal.MALFORMED);
        assertRefused(inPath.verify(Wire.callback(Wire.URL + "/")), Refusal.MALFORMED);
        assertRefused(inPath.verify(Wire.withToken(token)), Refusal.MALFORMED);
        assertRefused(inPath.verify(Wire.callback(Wire.URL + "/?token=" + token)), Refusal.MALFORMED);
        assertRefused(callbacks.verify(Wire.callback(Wire.URL + "/" + token)), Refusal.MALFORMED);
    }

    // ---- one spelling

    /** Pitfall 21: a MAC in hex has one spelling, and nothing else is decoded. */
    @Test
    void verifyWhenMacIsSpeltOtherwiseThenMalformed() {
        String good = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        String head = good.substring(0, good.length() - 64);
        String mac = good.substring(good.length() - 64);
        byte[] bytes = HexFormat.of().parseHex(mac);
        assertToken(head + mac.toUpperCase(Locale.ROOT), Refusal.MALFORMED);
        assertToken(head + Base64.getEncoder().encodeToString(bytes).replace("+", "%2B"), Refusal.MALFORMED);
        assertToken(head + Base64.getUrlEncoder().encodeToString(bytes), Refusal.MALFORMED);
        assertToken(head + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), Refusal.MALFORMED);
        assertToken(head.toUpperCase(Locale.ROOT) + mac, Refusal.MALFORMED);
        assertAccepted(callbacks.verify(Wire.withToken(good)));
    }

    /** Pitfall 21: what is used up is the reference, whatever text it came in. */
    @Test
    void verifyWhenReferenceComesInAnotherTokenThenAlreadyProcessed() {
        CaptchaCallbacks ring = rotated(Wire.KEY);
        assertAccepted(ring.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS))))
                .claim()
                .settle();
        assertRefused(
                ring.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS - 1))),
                Refusal.ALREADY_PROCESSED);
        assertRefused(
                ring.verify(Wire.withToken(Wire.token(
                        Wire.OLD_KEY, Wire.OLD_SECRET, Wire.REFERENCE, Long.toString(Wire.NOW_SECONDS), Wire.URL))),
                Refusal.ALREADY_PROCESSED);
    }

    /** Pitfall 22: fields without separators would sign alike. */
    @Test
    void verifyWhenACharacterMovesFromOneFieldToTheNextThenInvalidSignature() {
        String token = Wire.token(Wire.REFERENCE, 1_793_000_000L);
        assertToken(token.replace(".1793000000.", "1.793000000."), Refusal.INVALID_SIGNATURE);
        assertToken(token.replace(".2026-11.3", ".2026-113."), Refusal.INVALID_SIGNATURE);
        assertToken(token.replace("v1.2026-11.3", "v1.2026-1.13"), Refusal.INVALID_SIGNATURE);

        CaptchaCallbacks timed = Wire.taskIdScheme(clock).build();
        timed.issueFor("70123456789");
        String mac = Wire.mac(Wire.SECRET, "70123456789\n1793000000");
        assertRefused(
                timed.verify(Wire.callback(Wire.URL + "?ts=91793000000&token=" + mac, "7012345678")),
                Refusal.INVALID_SIGNATURE);
        assertRefused(
                timed.verify(Wire.callback(Wire.URL + "?ts=793000000&token=" + mac, "701234567891")),
                Refusal.INVALID_SIGNATURE);
        assertAccepted(timed.verify(Wire.callback(Wire.URL + "?ts=1793000000&token=" + mac, "70123456789")));
    }

    /** Pitfall 23: every digit counts, at whatever place. */
    @Test
    void verifyWhenAnyDigitOfTheMacIsAnotherThenInvalidSignature() {
        String good = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        CaptchaCallbacks byTaskId =
                Wire.taskIdScheme(clock).set("freshness.enabled", "false").build();
        String mac = byTaskId.issueFor(Wire.TASK_ID).url().replaceFirst(".*token=", "");
        for (int i = 0; i < 64; i++) {
            int fromEnd = i + 1;
            Function<String, String> change = text -> {
                char[] characters = text.toCharArray();
                int at = characters.length - fromEnd;
                characters[at] = characters[at] == '0' ? '1' : '0';
                return new String(characters);
            };
            assertToken(change.apply(good), Refusal.INVALID_SIGNATURE);
            assertRefused(
                    byTaskId.verify(Wire.callback(Wire.URL + "?token=" + change.apply(mac))),
                    Refusal.INVALID_SIGNATURE);
        }
        assertAccepted(callbacks.verify(Wire.withToken(good)));
        assertAccepted(byTaskId.verify(Wire.callback(Wire.URL + "?token=" + mac)));
    }

    @Test
    void verifyWhenAnySignedFieldIsAnotherThenInvalidSignature() {
        String good = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        assertToken(good.replace(Wire.REFERENCE, "A".repeat(22)), Refusal.INVALID_SIGNATURE);
        assertToken(good.replace("." + Wire.NOW_SECONDS, "." + (Wire.NOW_SECONDS + 1)), Refusal.INVALID_SIGNATURE);
        assertToken(good.replace(Wire.KEY, "2026-12"), Refusal.INVALID_SIGNATURE);
    }

    @Test
    void verifyWhenTokenIsForAnotherAudienceThenInvalidSignature() {
        String other = Wire.token(
                Wire.KEY, Wire.SECRET, Wire.REFERENCE, Long.toString(Wire.NOW_SECONDS), "https://staging/callback");
        assertToken(other, Refusal.INVALID_SIGNATURE);
        CaptchaCallbacks staging = Wire.replayOnly(clock)
                .set("signature.audience", "https://staging/callback")
                .build();
        assertAccepted(staging.verify(Wire.withToken(other)));
        assertRefused(
                staging.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS))),
                Refusal.INVALID_SIGNATURE);
    }

    // ---- age

    @Test
    void verifyWhenTokenIsAsOldAsItMayBeThenAcceptedAndExpiredASecondLater() {
        for (CaptchaCallbacks each : new CaptchaCallbacks[] {
            callbacks, Wire.replayOnly(clock).set("signature.scheme", "task-id").build()
        }) {
            clock.set(Wire.NOW);
            String inTime =
                    each == callbacks ? each.issue().url() : each.issueFor("1").url();
            String tooLate =
                    each == callbacks ? each.issue().url() : each.issueFor("2").url();
            clock.set(Wire.NOW.plus(TTL).plusMillis(749));
            assertAccepted(each.verify(Wire.callback(inTime, "1")));
            clock.advance(Duration.ofMillis(1));
            assertRefused(each.verify(Wire.callback(tooLate, "2")), Refusal.EXPIRED);
        }
    }

    @Test
    void verifyWhenTokenIsFromTheFutureThenAcceptedWithinTheSkew() {
        assertAccepted(callbacks.verify(Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS + 5))));
        assertToken(Wire.token("A".repeat(22), Wire.NOW_SECONDS + 6), Refusal.EXPIRED);
        assertToken(Wire.token("A".repeat(22), 99_999_999_999L), Refusal.EXPIRED);
        assertToken(Wire.token("A".repeat(22), 1), Refusal.EXPIRED);
    }

    @Test
    void verifyWhenFreshnessIsConfiguredThenThatTtlAndSkewCount() {
        CaptchaCallbacks strict = Wire.replayOnly(clock)
                .ttl(Duration.ofSeconds(60))
                .set("freshness.clock-skew", "0s")
                .build();
        assertAccepted(strict.verify(Wire.withToken(Wire.token("A".repeat(22), Wire.NOW_SECONDS - 60))));
        assertRefused(
                strict.verify(Wire.withToken(Wire.token("B".repeat(22), Wire.NOW_SECONDS - 61))), Refusal.EXPIRED);
        assertRefused(strict.verify(Wire.withToken(Wire.token("C".repeat(22), Wire.NOW_SECONDS + 1))), Refusal.EXPIRED);
    }

    /** Pitfall 26: a time server's correction must not bring an expired token back. */
    @Test
    void verifyWhenClockStepsBackThenExpiredTokenStaysExpired() {
        String url = callbacks.issue().url();
        clock.advance(TTL.plusSeconds(1));
        assertRefused(callbacks.verify(Wire.callback(url)), Refusal.EXPIRED);
        clock.set(Wire.NOW);
        assertRefused(callbacks.verify(Wire.callback(url)), Refusal.EXPIRED);
    }

    @Test
    void verifyWhenTaskIdSchemeHasNoTimeThenTokenHasNoAge() {
        CaptchaCallbacks untimed = Wire.taskIdScheme(clock)
                .set("freshness.enabled", "false")
                .ttl(Duration.ofHours(24))
                .build();
        IssuedCallback issued = untimed.issueFor(Wire.TASK_ID);
        assertThat(issued.url()).isEqualTo(Wire.URL + "?token=" + Wire.mac(Wire.SECRET, Wire.TASK_ID));
        clock.advance(Duration.ofHours(23));
        Callback callback = assertAccepted(untimed.verify(Wire.callback(issued.url() + "&ts=nan")))
                .callback();
        assertThat(callback.issuedAt()).isNull();
    }

    // ---- the ring

    private static String keyIn(String url) {
        return url.replaceFirst(".*token=v1\\.", "").replaceFirst("\\..*", "");
    }

    @Test
    void verifyWhenKeyIsReplacedThenItsPredecessorsUrlsAreStillAccepted() {
        String old = rotated(Wire.OLD_KEY).issue().url();
        CaptchaCallbacks now = rotated(Wire.KEY);
        String fresh = now.issue().url();
        assertThat(keyIn(old)).isEqualTo(Wire.OLD_KEY);
        assertThat(keyIn(fresh)).isEqualTo(Wire.KEY);
        assertAccepted(now.verify(Wire.callback(old)));
        assertAccepted(now.verify(Wire.callback(fresh)));
        assertThat(listener.events(CallbackEvent.Accepted.class))
                .extracting(CallbackEvent.Accepted::keyId, CallbackEvent.Accepted::activeKey)
                .containsExactly(tuple(Wire.OLD_KEY, false), tuple(Wire.KEY, true));
        String tooOld = rotated(Wire.OLD_KEY).issue().url();
        assertRefused(callbacks.verify(Wire.callback(tooOld)), Refusal.INVALID_SIGNATURE);
    }

    @Test
    void verifyWhenTaskIdIsSignedByAnyKeyOfTheRingThenAcceptedAndItsKeyIsTold() {
        CaptchaCallbacks ring = Wire.taskIdScheme(clock)
                .signingKey(Wire.OLD_KEY, Wire.OLD_SECRET)
                .signingKey("another", "yet-another-secret-between-the-other-two-keys")
                .activeKey(Wire.KEY)
                .listener(listener)
                .build();
        String[] secrets = {Wire.SECRET, Wire.OLD_SECRET, "yet-another-secret-between-the-other-two-keys"};
        for (int i = 0; i < secrets.length; i++) {
            ring.issueFor("task-" + i);
            String mac = Wire.mac(secrets[i], "task-" + i + "\n" + Wire.NOW_SECONDS);
            assertAccepted(
                    ring.verify(Wire.callback(Wire.URL + "?token=" + mac + "&ts=" + Wire.NOW_SECONDS, "task-" + i)));
        }
        assertThat(listener.events(CallbackEvent.Accepted.class))
                .extracting(CallbackEvent.Accepted::keyId, CallbackEvent.Accepted::activeKey)
                .containsExactly(tuple(Wire.KEY, true), tuple(Wire.OLD_KEY, false), tuple("another", false));
    }

    @Test
    void verifyWhenKeyIdIsUnknownThenInvalidSignatureWhateverItsSecret() {
        String now = Long.toString(Wire.NOW_SECONDS);
        for (String secret : new String[] {Wire.SECRET, Wire.OLD_SECRET}) {
            assertToken(Wire.token("2031-01", secret, Wire.REFERENCE, now, Wire.URL), Refusal.INVALID_SIGNATURE);
        }
        assertThat(listener.events(CallbackEvent.Refused.class))
                .extracting(CallbackEvent.Refused::reference)
                .containsOnlyNulls();
    }

    @Test
    void verifyWhenKeyIdIsAnotherKeysThenInvalidSignature() {
        CaptchaCallbacks ring = rotated(Wire.KEY);
        String now = Long.toString(Wire.NOW_SECONDS);
        assertRefused(
                ring.verify(Wire.withToken(Wire.token(Wire.OLD_KEY, Wire.SECRET, Wire.REFERENCE, now, Wire.URL))),
                Refusal.INVALID_SIGNATURE);
        assertRefused(
                ring.verify(Wire.withToken(Wire.token(Wire.KEY, Wire.OLD_SECRET, Wire.REFERENCE, now, Wire.URL))),
                Refusal.INVALID_SIGNATURE);
    }

    /** A token of one scheme is worth nothing to the other, even under the same key. */
    @Test
    void verifyWhenTokenIsOfTheOtherSchemeThenMalformed() {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).build();
        String url = byTaskId.issueFor(Wire.TASK_ID).url();
        assertRefused(callbacks.verify(Wire.callback(url)), Refusal.MALFORMED);
        assertRefused(
                byTaskId.verify(Wire.callback(callbacks.issue().url() + "&ts=" + Wire.NOW_SECONDS)), Refusal.MALFORMED);
    }

    // ---- without a signature

    @Test
    void verifyWhenNothingIsSignedThenPendingTaskDecides() {
        CaptchaCallbacks unsigned = Wire.unsigned(clock).listener(listener).build();
        assertThat(unsigned.issueFor("1").url()).isEqualTo(Wire.URL);
        assertRefused(unsigned.verify(Wire.callback(Wire.URL, "2")), Refusal.UNKNOWN_TASK);
        assertAccepted(unsigned.verify(Wire.callback(Wire.URL, "1")));
        assertRefused(unsigned.verify(Wire.callback(Wire.URL, "1")), Refusal.IN_PROGRESS);
        assertThat(listener.events(CallbackEvent.Accepted.class))
                .singleElement()
                .satisfies(accepted -> {
                    assertThat(accepted.keyId()).isNull();
                    assertThat(accepted.activeKey()).isFalse();
                });
    }

    @Test
    void verifyWhenNothingIsSignedThenTokenOfAnyKindIsLetBe() {
        CaptchaCallbacks unsigned = Wire.unsigned(clock).build();
        unsigned.issueFor("1");
        assertAccepted(unsigned.verify(Wire.callback(Wire.URL + "?token=x&token=y&ts=nan", "1")));
    }

    @Test
    void verifyWhenNothingIsSignedThenTaskIsForgottenAfterItsTime() {
        CaptchaCallbacks unsigned = Wire.unsigned(clock).build();
        unsigned.issueFor("1");
        clock.advance(TTL.plusSeconds(6));
        assertRefused(unsigned.verify(Wire.callback(Wire.URL, "1")), Refusal.UNKNOWN_TASK);
    }
}
