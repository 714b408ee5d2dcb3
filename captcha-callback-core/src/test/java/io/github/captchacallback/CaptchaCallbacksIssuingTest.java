package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the life of a submission: issue, submit, bind, abandon. */
class CaptchaCallbacksIssuingTest {

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();
    private final RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 10_000));
    private final CaptchaCallbacks callbacks =
            Wire.builder(clock).store(store).listener(listener).build();

    // ---- issue

    @Test
    void issueThenUrlCarriesTheTokenOfTheProtocol() {
        IssuedCallback issued = callbacks.issue();
        assertThat(issued.reference()).matches("[A-Za-z0-9_-]{22}");
        assertThat(issued.url()).isEqualTo(Wire.URL + "?token=" + Wire.token(issued.reference(), Wire.NOW_SECONDS));
    }

    @Test
    void issueWhenTokenStandsInThePathThenItIsTheLastSegment() {
        CaptchaCallbacks inPath =
                Wire.builder(clock).set("signature.url-style", "path").build();
        IssuedCallback issued = inPath.issue();
        assertThat(issued.url()).isEqualTo(Wire.URL + "/" + Wire.token(issued.reference(), Wire.NOW_SECONDS));
        assertAccepted(inPath.verify(Wire.callback(issued.url())));
    }

    @Test
    void issueWhenAudienceIsConfiguredThenItIsSigned() {
        CaptchaCallbacks other =
                Wire.builder(clock).set("signature.audience", "production").build();
        IssuedCallback issued = other.issue();
        String token =
                Wire.token(Wire.KEY, Wire.SECRET, issued.reference(), Long.toString(Wire.NOW_SECONDS), "production");
        assertThat(issued.url()).endsWith(token);
        assertAccepted(other.verify(Wire.callback(issued.url())));
    }

    @Test
    void issueThenEveryReferenceIsNew() {
        Set<String> references = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            references.add(callbacks.issue().reference());
        }
        assertThat(references).hasSize(1_000);
    }

    @Test
    void issueThenListenerIsTold() {
        IssuedCallback issued = callbacks.issue();
        assertThat(listener.events()).containsExactly(new CallbackEvent.Issued(Wire.NOW, issued.reference()));
    }

    @Test
    void issueWhenPublicUrlIsMissingThenThrows() {
        CaptchaCallbacks verifier = CaptchaCallbacks.builder()
                .set("path", Wire.PATH)
                .set("signature.audience", Wire.URL)
                .signingKey(Wire.KEY, Wire.SECRET)
                .store(store)
                .clock(clock)
                .build();
        assertThatIllegalStateException().isThrownBy(verifier::issue).withMessageContaining("public-url");
        assertThat(store.calls()).isEmpty();
        assertAccepted(verifier.verify(Wire.callback(callbacks.issue().url())));
    }

    @Test
    void issueWhenTaskIdIsWhatCountsThenThrows() {
        for (CaptchaCallbacks each : new CaptchaCallbacks[] {
            Wire.taskIdScheme(clock).build(), Wire.unsigned(clock).build()
        }) {
            assertThatIllegalStateException().isThrownBy(each::issue).withMessageContaining("issueFor");
            assertThatIllegalStateException().isThrownBy(() -> each.submit(url -> "1"));
        }
    }

    @Test
    void issueWhenStoreIsFullOrOutOfReachThenThrows() {
        store.fail();
        assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(callbacks::issue);
        assertThat(listener.events()).isEmpty();
        CaptchaCallbacks small = Wire.builder(clock).set("store.capacity", "1").build();
        small.issue();
        assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(small::issue);
    }

    @Test
    void issueForWhenTaskIdIsSignedThenUrlCarriesTheProtocolsTokenAndTime() {
        IssuedCallback issued = Wire.taskIdScheme(clock).build().issueFor(Wire.TASK_ID);
        String mac = Wire.mac(Wire.SECRET, Wire.TASK_ID + "\n" + Wire.NOW_SECONDS);
        assertThat(issued)
                .isEqualTo(new IssuedCallback(Wire.TASK_ID, Wire.URL + "?token=" + mac + "&ts=" + Wire.NOW_SECONDS));
    }

    @Test
    void issueForWhenTokenStandsInThePathThenTimeStandsInTheQuery() {
        CaptchaCallbacks inPath =
                Wire.taskIdScheme(clock).set("signature.url-style", "path").build();
        IssuedCallback issued = inPath.issueFor(Wire.TASK_ID);
        String mac = Wire.mac(Wire.SECRET, Wire.TASK_ID + "\n" + Wire.NOW_SECONDS);
        assertThat(issued.url()).isEqualTo(Wire.URL + "/" + mac + "?ts=" + Wire.NOW_SECONDS);
        assertAccepted(inPath.verify(Wire.callback(issued.url())));
    }

    @Test
    void issueForWhenReferenceIsWhatCountsThenThrows() {
        assertThatIllegalStateException()
                .isThrownBy(() -> callbacks.issueFor(Wire.TASK_ID))
                .withMessageContaining("issue()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1 2", "1\n", "é", "1/2"})
    void issueForWhenTaskIdHasAnotherShapeThenThrows(String taskId) {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).build();
        assertThatIllegalArgumentException().isThrownBy(() -> byTaskId.issueFor(taskId));
        assertThatIllegalArgumentException().isThrownBy(() -> byTaskId.issueFor("9".repeat(129)));
    }

    @Test
    void issueForWhenTaskIsExpectedAlreadyThenThrows() {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).build();
        byTaskId.issueFor(Wire.TASK_ID);
        assertThatIllegalStateException().isThrownBy(() -> byTaskId.issueFor(Wire.TASK_ID));
    }

    @Test
    void issueForThenNoOtherTasksCallbackIsAccepted() {
        CaptchaCallbacks byTaskId = Wire.taskIdScheme(clock).build();
        String url = byTaskId.issueFor("1").url();
        byTaskId.issueFor("2");
        assertRefused(byTaskId.verify(Wire.callback(url, "2")), Refusal.INVALID_SIGNATURE);
        assertAccepted(byTaskId.verify(Wire.callback(url, "1")));
    }

    @Test
    void issueThenExpectedForAsLongAsItsTokenIsValid() {
        IssuedCallback last = callbacks.issue();
        IssuedCallback late = callbacks.issue();
        clock.set(Instant.ofEpochSecond(Wire.NOW_SECONDS + 301).minusMillis(1));
        assertAccepted(callbacks.verify(Wire.callback(last.url())));
        clock.advance(Duration.ofMillis(1));
        assertRefused(callbacks.verify(Wire.callback(late.url())), Refusal.EXPIRED);
    }

    // ---- the callback itself

    @Test
    void verifyWhenAcceptedThenCallbackHasEverything() {
        IssuedCallback issued = callbacks.issue();
        clock.advance(Duration.ofSeconds(20));
        Callback callback =
                assertAccepted(callbacks.verify(Wire.callback(issued.url()))).callback();
        assertThat(callback)
                .isEqualTo(new Callback(
                        Wire.TASK_ID,
                        new TaskResult.Solution(Wire.CODE),
                        issued.reference(),
                        Instant.ofEpochSecond(Wire.NOW_SECONDS),
                        Wire.NOW.plusSeconds(20)));
    }

    @Test
    void verifyWhenReferenceWasNeverExpectedThenUnknownTask() {
        String token = Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS);
        assertRefused(callbacks.verify(Wire.withToken(token)), Refusal.UNKNOWN_TASK);
    }

    /** Pitfall 5: a callback that overtakes the answer to its submission was refused, and the paid answer lost. */
    @Test
    void verifyWhenCallbackComesBeforeBindThenAcceptedAndItsIdIsBound() {
        IssuedCallback issued = callbacks.issue();
        assertAccepted(callbacks.verify(Wire.callback(issued.url(), "1")));
        assertThatIllegalStateException()
                .isThrownBy(() -> callbacks.bind(issued.reference(), "2"))
                .withMessageContaining(issued.reference())
                .withMessageContaining("another task id");
        assertThatCode(() -> callbacks.bind(issued.reference(), "1")).doesNotThrowAnyException();
    }

    // ---- bind

    @Test
    void bindThenNoOtherTasksCallbackIsAccepted() {
        IssuedCallback issued = callbacks.issue();
        callbacks.bind(issued.reference(), "1");
        assertRefused(callbacks.verify(Wire.callback(issued.url(), "2")), Refusal.UNKNOWN_TASK);
        assertAccepted(callbacks.verify(Wire.callback(issued.url(), "1")));
        assertRefused(callbacks.verify(Wire.callback(issued.url(), "2")), Refusal.UNKNOWN_TASK);
    }

    @Test
    void bindThenListenerIsTold() {
        String reference = callbacks.issue().reference();
        callbacks.bind(reference, "1");
        assertThat(listener.events(CallbackEvent.Bound.class))
                .containsExactly(new CallbackEvent.Bound(Wire.NOW, reference, "1"));
    }

    @Test
    void bindWhenBoundToAnotherIdThenThrowsAndFirstStays() {
        IssuedCallback issued = callbacks.issue();
        callbacks.bind(issued.reference(), "1");
        callbacks.bind(issued.reference(), "1");
        assertThatIllegalStateException().isThrownBy(() -> callbacks.bind(issued.reference(), "2"));
        assertAccepted(callbacks.verify(Wire.callback(issued.url(), "1")));
        assertThat(listener.events(CallbackEvent.Bound.class))
                .extracting(CallbackEvent.Bound::taskId)
                .containsExactly("1", "1");
    }

    @Test
    void bindWhenReferenceIsUnknownOrForgottenThenThrows() {
        assertThatIllegalStateException()
                .isThrownBy(() -> callbacks.bind(Wire.REFERENCE, "1"))
                .withMessageContaining(Wire.REFERENCE)
                .withMessageContaining("pending.give-up-after");
        String reference = callbacks.issue().reference();
        clock.advance(Duration.ofSeconds(306));
        assertThatIllegalStateException().isThrownBy(() -> callbacks.bind(reference, "1"));
        assertThat(listener.events(CallbackEvent.Bound.class)).isEmpty();
    }

    /** The URL is too old to be used; its task can still be bound, found by a poll, or given up by an operator. */
    @Test
    void bindWhenUrlHasExpiredAndTaskIsNotGivenUpThenBound() {
        CaptchaCallbacks patient = Wire.builder(clock)
                .set("pending.give-up-after", "3600s")
                .store(store)
                .listener(listener)
                .build();
        IssuedCallback issued = patient.issue();
        clock.advance(Duration.ofSeconds(3_605));
        patient.bind(issued.reference(), "1");
        assertRefused(patient.verify(Wire.callback(issued.url(), "1")), Refusal.EXPIRED);
        clock.advance(Duration.ofSeconds(1));
        assertThatIllegalStateException().isThrownBy(() -> patient.bind(issued.reference(), "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "OK|70123456789", "1\r\n"})
    void bindWhenTaskIdHasAnotherShapeThenThrows(String taskId) {
        String reference = callbacks.issue().reference();
        assertThatIllegalArgumentException().isThrownBy(() -> callbacks.bind(reference, taskId));
        assertThat(store.calls()).containsExactly("expect");
    }

    @Test
    void bindWhenStoreIsOutOfReachThenThrows() {
        String reference = callbacks.issue().reference();
        store.fail();
        assertThatExceptionOfType(CallbackStoreException.class).isThrownBy(() -> callbacks.bind(reference, "1"));
    }

    // ---- abandon

    @Test
    void abandonThenCallbackIsUnknown() {
        IssuedCallback issued = callbacks.issue();
        callbacks.abandon(issued.reference());
        assertRefused(callbacks.verify(Wire.callback(issued.url())), Refusal.UNKNOWN_TASK);
    }

    @Test
    void abandonThenListenerIsToldOnceAndOfWhatThereWasAlone() {
        String reference = callbacks.issue().reference();
        callbacks.abandon(Wire.REFERENCE);
        callbacks.abandon(reference);
        callbacks.abandon(reference);
        assertThat(listener.events(CallbackEvent.Abandoned.class))
                .containsExactly(new CallbackEvent.Abandoned(Wire.NOW, reference));
    }

    @Test
    void abandonWhenClaimedMeanwhileThenStaysClaimed() {
        IssuedCallback issued = callbacks.issue();
        Claim claim =
                assertAccepted(callbacks.verify(Wire.callback(issued.url()))).claim();
        callbacks.abandon(issued.reference());
        assertThat(claim.settle()).isTrue();
        assertRefused(callbacks.verify(Wire.callback(issued.url())), Refusal.ALREADY_PROCESSED);
        assertThat(listener.events(CallbackEvent.Abandoned.class)).isEmpty();
    }

    // ---- submit

    @Test
    void submitThenIssuesSendsAndBinds() throws Exception {
        AtomicReference<String> sent = new AtomicReference<>("");
        SubmittedTask task = callbacks.submit(issued -> {
            String url = issued.url();
            sent.set(url);
            return "1";
        });
        assertThat(task.taskId()).isEqualTo("1");
        assertThat(listener.kinds()).containsExactly("Issued", "Bound");
        assertThat(store.calls()).containsExactly("expect", "bind");
        String url = String.valueOf(sent.get());
        assertRefused(callbacks.verify(Wire.callback(url, "2")), Refusal.UNKNOWN_TASK);
        assertAccepted(callbacks.verify(Wire.callback(url, "1")));
    }

    /** Pitfall 5. */
    @Test
    void submitWhenCallbackOvertakesTheAnswerThenAccepted() {
        SubmittedTask task = callbacks.submit(issued -> {
            String url = issued.url();
            assertAccepted(callbacks.verify(Wire.callback(url, "1"))).claim().settle();
            return "1";
        });
        assertThat(task.taskId()).isEqualTo("1");
        assertThat(listener.kinds()).containsExactly("Issued", "Accepted", "Settled", "Bound");
    }

    @Test
    void submitWhenTheServiceAnswersWithNoTaskIdThenTheCallbackStaysExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> callbacks.submit(issued -> ""))
                .withMessageStartingWith("A task id has");
        assertThat(listener.kinds()).containsExactly("Issued", "SubmissionUnclear");
    }

    @Test
    void submitWhenCallbackCameWithAnotherIdThanTheAnswerThenThrows() {
        assertThatIllegalStateException()
                .isThrownBy(() -> callbacks.submit(issued -> {
                    String url = issued.url();
                    assertAccepted(callbacks.verify(Wire.callback(url, "1")));
                    return "2";
                }));
    }

    private static <E extends Exception> Submission<E> failing(AtomicReference<String> sent, E failure) {
        return issued -> {
            sent.set(issued.url());
            throw failure;
        };
    }

    @Test
    void submitWhenSubmissionFailsThenItsExceptionPassesAndTheCallbackStaysExpected() {
        for (Exception failure :
                new Exception[] {new IOException("the service is down"), new IllegalStateException("ERROR_ZERO_BALANCE")
                }) {
            AtomicReference<String> sent = new AtomicReference<>("");
            assertThatThrownBy(() -> callbacks.submit(failing(sent, failure)))
                    .isSameAs(failure)
                    .hasNoSuppressedExceptions();
            assertAccepted(callbacks.verify(Wire.callback(String.valueOf(sent.get()))));
        }
        assertThat(listener.kinds())
                .containsExactly("Issued", "SubmissionUnclear", "Accepted", "Issued", "SubmissionUnclear", "Accepted");
    }

    @Test
    void submitWhenTheServiceRefusesTheTaskThenItsExceptionPassesAndCallbackIsNotExpected() {
        AtomicReference<String> sent = new AtomicReference<>("");
        TaskRefusedException refused = new TaskRefusedException("ERROR_ZERO_BALANCE");
        assertThatThrownBy(() -> callbacks.submit(failing(sent, refused)))
                .isSameAs(refused)
                .hasNoSuppressedExceptions();
        assertRefused(callbacks.verify(Wire.callback(String.valueOf(sent.get()))), Refusal.UNKNOWN_TASK);
        assertThat(listener.kinds()).containsExactly("Issued", "Abandoned", "Refused");
    }

    /** A read timeout may hide a task that exists, and the operator has to know which. */
    @Test
    void submitWhenItsOutcomeIsUnclearThenTheWarningNamesTheReference() {
        AtomicReference<String> sent = new AtomicReference<>("");
        assertThatThrownBy(() -> callbacks.submit(failing(sent, new IOException("Read timed out"))))
                .hasMessage("Read timed out");
        assertThat(listener.events(CallbackEvent.SubmissionUnclear.class))
                .singleElement()
                .satisfies(unclear -> {
                    assertThat(String.valueOf(sent.get())).contains(unclear.reference());
                    assertThat(unclear.failure()).isEqualTo("java.io.IOException");
                });
    }

    @Test
    void submitWhenSubmissionFailsThenCheckedExceptionIsTheOneThatIsDeclared() {
        AtomicReference<String> sent = new AtomicReference<>("");
        try {
            callbacks.submit(failing(sent, new IOException("the service is down")));
        } catch (IOException e) {
            assertThat(e).hasMessage("the service is down");
            return;
        }
        throw new AssertionError("submit returned");
    }

    @Test
    void submitWhenSubmissionEndsInAnErrorThenItPassesAndTheCallbackStaysExpected() {
        assertThatThrownBy(() -> callbacks.submit(issued -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(listener.kinds()).containsExactly("Issued", "SubmissionUnclear");
    }

    @Test
    void submitWhenSubmissionFailsAfterItsCallbackThenCallbackStaysClaimed() {
        AtomicReference<String> sent = new AtomicReference<>("");
        assertThatThrownBy(() -> callbacks.submit(issued -> {
                    String url = issued.url();
                    sent.set(url);
                    assertAccepted(callbacks.verify(Wire.callback(url)));
                    throw new IOException("the answer was lost");
                }))
                .hasMessage("the answer was lost");
        assertRefused(callbacks.verify(Wire.callback(String.valueOf(sent.get()))), Refusal.IN_PROGRESS);
    }

    /** Whoever submits must see why that failed, and not that of the store which failed after it. */
    @Test
    void submitWhenStoreFailsAsWellThenSubmissionsOwnExceptionPasses() {
        TaskRefusedException failure = new TaskRefusedException("ERROR_KEY_DOES_NOT_EXIST");
        assertThatThrownBy(() -> callbacks.submit(issued -> {
                    store.fail();
                    throw failure;
                }))
                .isSameAs(failure)
                .satisfies(thrown ->
                        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(CallbackStoreException.class));
    }

    @Test
    void submitWhenStoreIsOutOfReachThenNothingIsSent() {
        store.fail();
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> callbacks.submit(issued -> {
                    throw new AssertionError("sent");
                }));
    }

    // ---- pending tasks switched off

    @Test
    void verifyWhenPendingIsOffThenWhatIsSignedIsAcceptedOnce() {
        CaptchaCallbacks other = Wire.replayOnly(clock).store(store).build();
        TestRequest request = Wire.withToken(Wire.token(Wire.REFERENCE, Wire.NOW_SECONDS));
        assertAccepted(other.verify(request));
        assertRefused(other.verify(request), Refusal.IN_PROGRESS);
        assertThat(store.calls()).containsExactly("claimUnseen", "claimUnseen");
    }

    @Test
    void submitWhenPendingIsOffThenNothingIsWrittenDown() throws Exception {
        CaptchaCallbacks other =
                Wire.replayOnly(clock).store(store).listener(listener).build();
        AtomicReference<String> sent = new AtomicReference<>("");
        assertThat(other.submit(issued -> {
                    String url = issued.url();
                    sent.set(url);
                    return "1";
                }))
                .extracting(SubmittedTask::taskId)
                .isEqualTo("1");
        other.bind(Wire.REFERENCE, "1");
        assertThatIllegalArgumentException().isThrownBy(() -> other.bind(Wire.REFERENCE, ""));
        assertThat(store.calls()).isEmpty();
        assertThat(listener.kinds()).containsExactly("Issued");
        assertAccepted(other.verify(Wire.callback(String.valueOf(sent.get()), "1")));
    }

    @Test
    void issueForWhenPendingIsOffThenSignedTaskIdIsAcceptedOnce() {
        CaptchaCallbacks other = Wire.replayOnly(clock)
                .set("signature.scheme", "task-id")
                .store(store)
                .build();
        TestRequest request = Wire.callback(other.issueFor(Wire.TASK_ID).url());
        assertThat(store.calls()).isEmpty();
        assertAccepted(other.verify(request));
        assertRefused(other.verify(request), Refusal.IN_PROGRESS);
    }

    // ---- the end

    @Test
    void closeThenClosesTheStore() {
        callbacks.close();
        assertThat(store.calls()).containsExactly("close");
    }
}
