package io.github.captchacallback.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.MutableClock;
import io.github.captchacallback.RecordingStore;
import io.github.captchacallback.TestRequest;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackgroundDeliveryTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final long TIMEOUT_SECONDS = 20;

    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(1_793_000_000L));
    private final List<CallbackEvent> events = new CopyOnWriteArrayList<>();
    private final RecordingStore store = new RecordingStore(new CaffeineCallbackStore(clock, 10_000));
    private final CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
            .publicUrl("https://your-server.com/captcha/callback")
            .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
            .clock(clock)
            .store(store)
            .listener(events::add)
            .build();
    private final List<Callback> handled = new CopyOnWriteArrayList<>();

    /** Tasks that wait until a test runs them. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private TestRequest request() {
        return TestRequest.get(callbacks.issue().url()).param("id", "1").param("code", "c");
    }

    private Verdict.Accepted accepted(TestRequest request) {
        return assertThat(callbacks.verify(request))
                .asInstanceOf(type(Verdict.Accepted.class))
                .actual();
    }

    private void assertRefused(TestRequest request, Refusal refusal) {
        assertThat(callbacks.verify(request))
                .asInstanceOf(type(Verdict.Refused.class))
                .extracting(Verdict.Refused::refusal)
                .isEqualTo(refusal);
    }

    private boolean told(Class<? extends CallbackEvent> kind) {
        return events.stream().anyMatch(kind::isInstance);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static void assertClosesAtOnce(BackgroundDelivery delivery) {
        long started = System.nanoTime();
        delivery.close();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(TIMEOUT_SECONDS));
    }

    // ---- the claim

    @Test
    void deliverWhenHandlerReturnsThenSettled() {
        TestRequest request = request();
        Verdict.Accepted accepted = accepted(request);
        try (BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add)) {
            assertThat(delivery.deliver(accepted)).isEqualTo(CallbackAnswer.ok());
        }
        assertThat(handled).containsExactly(accepted.callback());
        assertThat(told(CallbackEvent.Settled.class)).isTrue();
        assertThat(told(CallbackEvent.Released.class)).isFalse();
        clock.advance(LEASE);
        assertRefused(request, Refusal.ALREADY_PROCESSED);
    }

    /** Pitfall 31: the handler fails after the claim, and the answer is not lost. */
    @Test
    void deliverWhenHandlerThrowsThenReleasedAndCallbackMayComeAgain() {
        for (Exception failure : new Exception[] {
            new IOException("the disk is full"), new IllegalStateException("a bug"), new InterruptedException()
        }) {
            events.clear();
            TestRequest request = request();
            try (BackgroundDelivery delivery = new BackgroundDelivery(callbacks, callback -> {
                throw failure;
            })) {
                assertThat(delivery.deliver(accepted(request)).status()).isEqualTo(200);
            }
            assertThat(told(CallbackEvent.Released.class)).isTrue();
            assertThat(told(CallbackEvent.Settled.class)).isFalse();
            accepted(request);
        }
    }

    /** A handler that submits the next task meets the store itself. */
    @Test
    void deliverWhenHandlersOwnUseOfAStoreFailsThenReleased() {
        TestRequest request = request();
        BackgroundDelivery delivery = new BackgroundDelivery(
                callbacks,
                callback -> {
                    throw new CallbackStoreException("The store is full");
                },
                Runnable::run);
        delivery.deliver(accepted(request));
        assertThat(told(CallbackEvent.Released.class)).isTrue();
        accepted(request);
    }

    /** The service has its OK, and will not call again. */
    @Test
    void deliverWhenStoreFailsBeforeTheHandlerAndTheLeaseRunsThenHandledAllTheSame() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, waiting::add);
        delivery.deliver(accepted(request()));
        store.fail();
        waiting.remove().run();
        assertThat(handled).hasSize(1);
    }

    @Test
    void deliverWhenStoreFailsAndTheLeaseIsOverThenNotHandledSinceAnotherMayHaveIt() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, waiting::add);
        delivery.deliver(accepted(request()));
        clock.advance(LEASE);
        store.fail();
        waiting.remove().run();
        assertThat(handled).isEmpty();
    }

    @Test
    void deliverWhenNoThreadCanBeMadeThenReleasedAndTheServiceIsAskedToComeAgain() {
        TestRequest request = request();
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        assertThat(delivery.deliver(accepted(request)).status()).isEqualTo(503);
        accepted(request);
        assertClosesAtOnce(delivery);
    }

    /** Each claimed after the lease of the other was over, and both waited until the store had forgotten the callback. */
    @Test
    void deliverWhenTwoAttemptsHaveWaitedLongerThanTheStoreRemembersThenOneIsHandled() {
        CaptchaCallbacks replayOnly = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                .set("pending.enabled", "false")
                .clock(clock)
                .build();
        TestRequest request =
                TestRequest.get(replayOnly.issue().url()).param("id", "1").param("code", "c");
        BackgroundDelivery delivery = new BackgroundDelivery(replayOnly, handled::add, waiting::add);
        for (int attempt = 0; attempt < 2; attempt++) {
            Verdict.Accepted accepted = assertThat(replayOnly.verify(request))
                    .asInstanceOf(type(Verdict.Accepted.class))
                    .actual();
            delivery.deliver(accepted);
            clock.advance(LEASE);
        }
        clock.advance(Duration.ofMinutes(30));
        waiting.remove().run();
        waiting.remove().run();
        assertThat(handled).hasSize(1);
    }

    @Test
    void deliverWhenHandlerEndsInAnErrorThenReleasedAndErrorIsNotSwallowed() {
        TestRequest request = request();
        BackgroundDelivery delivery = new BackgroundDelivery(
                callbacks,
                callback -> {
                    throw new StackOverflowError("deep");
                },
                waiting::add);
        assertThat(delivery.deliver(accepted(request)).status()).isEqualTo(200);
        assertThatThrownBy(() -> waiting.remove().run()).isInstanceOf(StackOverflowError.class);
        assertThat(told(CallbackEvent.Released.class)).isTrue();
        accepted(request);
    }

    @Test
    void deliverThenAnswersBeforeTheHandlerHasBegun() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (BackgroundDelivery delivery = new BackgroundDelivery(callbacks, callback -> {
            await(answered);
            handled.add(callback);
        })) {
            assertThat(delivery.deliver(accepted(request())).status()).isEqualTo(200);
            assertThat(handled).isEmpty();
            answered.countDown();
        }
        assertThat(handled).hasSize(1);
    }

    // ---- the queue

    @Test
    void deliverWhenExecutorRejectsThenUnavailableAndReleased() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, task -> {
            throw new RejectedExecutionException("full");
        });
        TestRequest request = request();
        CallbackAnswer answer = delivery.deliver(accepted(request));
        assertThat(answer).isEqualTo(callbacks.answer(Refusal.UNAVAILABLE));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
        assertThat(told(CallbackEvent.Released.class)).isTrue();
        assertThat(handled).isEmpty();
        accepted(request);
    }

    @Test
    void deliverWhenOwnQueueIsFullThenUnavailableAndWhatWasTakenOnIsHandled() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        int taken = 0;
        TestRequest refused = request();
        try (BackgroundDelivery delivery = new BackgroundDelivery(callbacks, callback -> {
            running.incrementAndGet();
            await(open);
            handled.add(callback);
        })) {
            while (delivery.deliver(accepted(refused)).status() == 200) {
                taken++;
                refused = request();
                assertThat(taken).isLessThan(BackgroundDelivery.QUEUE_CAPACITY + 100);
            }
            assertThat(taken).isBetween(BackgroundDelivery.QUEUE_CAPACITY, BackgroundDelivery.QUEUE_CAPACITY + 4);
            accepted(refused).claim().release();
            open.countDown();
        }
        assertThat(handled).hasSize(taken).doesNotHaveDuplicates();
        accepted(refused);
    }

    @Test
    void closeThenWaitsUntilWhatWasTakenOnIsHandled() throws Exception {
        List<BackgroundDelivery> deliveries = new ArrayList<>();
        try (BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add)) {
            deliveries.add(delivery);
            for (int i = 0; i < 200; i++) {
                assertThat(delivery.deliver(accepted(request())).status()).isEqualTo(200);
            }
        }
        assertThat(handled).hasSize(200);
        TestRequest late = request();
        assertThat(deliveries.get(0).deliver(accepted(late)).status()).isEqualTo(503);
        accepted(late);
    }

    @Test
    void closeWhenInterruptedThenReturnsAndKeepsTheInterruption() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, callback -> {
            begun.countDown();
            never.await();
        });
        delivery.deliver(accepted(request()));
        await(begun);
        Thread.currentThread().interrupt();
        delivery.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closeThenApplicationsOwnExecutorIsUntouched() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor();
        try {
            BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, own);
            delivery.deliver(accepted(request()));
            delivery.close();
            assertThat(own.isShutdown()).isFalse();
            delivery.deliver(accepted(request()));
        } finally {
            own.shutdown();
        }
        assertThat(own.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(handled).hasSize(2);
    }

    @Test
    void closeWhenTheApplicationsExecutorIsStillAtItThenWaits() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayProceed = new CountDownLatch(1);
        ExecutorService own = Executors.newSingleThreadExecutor();
        try {
            BackgroundDelivery delivery = new BackgroundDelivery(
                    callbacks,
                    callback -> {
                        begun.countDown();
                        await(mayProceed);
                        handled.add(callback);
                    },
                    own);
            delivery.deliver(accepted(request()));
            delivery.deliver(accepted(request()));
            await(begun);
            Thread closing = new Thread(delivery::close);
            closing.start();
            while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertThat(closing.isAlive()).isTrue();
            mayProceed.countDown();
            closing.join();
            assertThat(handled).hasSize(2);
        } finally {
            own.shutdown();
        }
    }

    @Test
    void closeWhenTheApplicationsExecutorHasDroppedWhatItWasGivenThenDoesNotWait() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        BackgroundDelivery delivery = new BackgroundDelivery(
                callbacks,
                callback -> {
                    begun.countDown();
                    never.await();
                },
                own);
        delivery.deliver(accepted(request()));
        delivery.deliver(accepted(request()));
        await(begun);
        assertThat(own.shutdownNow()).hasSize(1);
        assertThat(own.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertClosesAtOnce(delivery);
    }

    @Test
    void deliverThenThreadsAreNamedAndDoNotKeepTheProcessAlive() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (BackgroundDelivery delivery =
                new BackgroundDelivery(callbacks, callback -> threads.add(Thread.currentThread()))) {
            delivery.deliver(accepted(request()));
        }
        assertThat(threads).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).startsWith("captcha-callback-");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    // ---- the lease

    @Test
    void deliverWhenLeaseLapsedInTheQueueAndAnotherHasClaimedThenNotHandledTwice() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, waiting::add);
        TestRequest request = request();
        delivery.deliver(accepted(request));
        clock.advance(LEASE);
        Verdict.Accepted second = accepted(request);
        delivery.deliver(second);
        waiting.forEach(Runnable::run);
        assertThat(handled).containsExactly(second.callback());
        assertRefused(request, Refusal.ALREADY_PROCESSED);
    }

    @Test
    void deliverWhenLeaseLapsedInTheQueueAndNobodyHasClaimedThenHandled() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, waiting::add);
        TestRequest request = request();
        delivery.deliver(accepted(request));
        clock.advance(LEASE.multipliedBy(2));
        waiting.remove().run();
        assertThat(handled).hasSize(1);
        assertRefused(request, Refusal.ALREADY_PROCESSED);
    }

    /** The service has its 200, and nobody will send the answer again. */
    @Test
    void deliverWhenItsTurnComesAfterTheClaimIsForgottenThenHandled() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, waiting::add);
        TestRequest request = request();
        delivery.deliver(accepted(request));
        clock.advance(callbacks.settings().freshness().ttl().multipliedBy(2));
        waiting.remove().run();
        assertThat(handled).hasSize(1);
    }

    @Test
    void deliverWhenItsTurnComesLateThenLeaseStartsAnew() {
        TestRequest request = request();
        BackgroundDelivery delivery = new BackgroundDelivery(
                callbacks,
                callback -> {
                    clock.advance(LEASE.minusMillis(1));
                    assertRefused(request, Refusal.IN_PROGRESS);
                    handled.add(callback);
                },
                waiting::add);
        delivery.deliver(accepted(request));
        clock.advance(LEASE.minusMillis(1));
        waiting.remove().run();
        assertThat(handled).hasSize(1);
    }

    // ---- a store that is unavailable

    @Test
    void deliverWhenStoreFailsAfterTheHandlerThenLeaseRunsOut() {
        BackgroundDelivery delivery = new BackgroundDelivery(
                callbacks,
                callback -> {
                    handled.add(callback);
                    store.fail();
                },
                Runnable::run);
        TestRequest request = request();
        assertThat(delivery.deliver(accepted(request)).status()).isEqualTo(200);
        store.recover();
        assertThat(handled).hasSize(1);
        assertRefused(request, Refusal.IN_PROGRESS);
        clock.advance(LEASE);
        accepted(request);
    }

    @Test
    void deliverWhenTheStoreThrowsWhatItShouldNotThenNothingEscapes() {
        RuntimeException unexpected = new IllegalStateException("a driver's own");
        BackgroundDelivery rejecting = new BackgroundDelivery(callbacks, handled::add, task -> {
            throw new RejectedExecutionException("full");
        });
        Verdict.Accepted rejected = accepted(request());
        BackgroundDelivery running = new BackgroundDelivery(callbacks, handled::add, Runnable::run);
        Verdict.Accepted taken = accepted(request());
        store.failWith(unexpected);
        assertThat(rejecting.deliver(rejected).status()).isEqualTo(503);
        assertThat(running.deliver(taken).status()).isEqualTo(200);
        assertThat(handled).hasSize(1);
    }

    @Test
    void deliverWhenTheExecutorThrowsWhatItShouldNotThenUnavailableReleasedAndNothingIsWaitedFor() {
        TestRequest request = request();
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, task -> {
            throw new IllegalStateException("not started yet");
        });
        assertThat(delivery.deliver(accepted(request)).status()).isEqualTo(503);
        accepted(request);
        assertClosesAtOnce(delivery);
    }

    @Test
    void deliverWhenStoreFailsOnRejectionThenStillUnavailable() {
        BackgroundDelivery delivery = new BackgroundDelivery(callbacks, handled::add, task -> {
            throw new RejectedExecutionException("full");
        });
        TestRequest request = request();
        Verdict.Accepted accepted = accepted(request);
        store.fail();
        assertThat(delivery.deliver(accepted).status()).isEqualTo(503);
        store.recover();
        clock.advance(LEASE);
        accepted(request);
    }
}
