package io.github.captchacallback.delivery;

import static io.github.captchacallback.store.StoredCallback.State.DEAD;
import static io.github.captchacallback.store.StoredCallback.State.IN_PROGRESS;
import static io.github.captchacallback.store.StoredCallback.State.SETTLED;
import static io.github.captchacallback.store.StoredCallback.State.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.DeadLetters;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.MutableClock;
import io.github.captchacallback.TestRequest;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.InboxDepth;
import io.github.captchacallback.store.SharedMapStore;
import io.github.captchacallback.store.StoredCallback;
import io.github.captchacallback.store.jdbc.JdbcCallbackStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests what happens to a callback that a handler takes, if the store keeps its answer. Rounds are made by hand. */
class InboxDeliveryTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final String ANSWER = "a-paid-answer";
    private static final long TIMEOUT_SECONDS = 20;

    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(1_793_000_000L));
    private final SharedMapStore.Data data = new SharedMapStore.Data();
    private final List<Callback> handled = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /** One process of several that share the data. */
    private final class Node {

        private final List<CallbackEvent> events = new CopyOnWriteArrayList<>();
        private final UnreliableInbox store;
        private final CaptchaCallbacks callbacks;
        private final InboxDelivery delivery;

        Node(CallbackHandler handler) {
            this(handler, Runnable::run);
        }

        Node(CallbackHandler handler, Executor executor) {
            this(handler, executor, null);
        }

        Node(CallbackHandler handler, Executor executor, @Nullable ExecutorService own) {
            this(new SharedMapStore(data, clock), handler, executor, own, Map.of());
        }

        Node(
                CallbackInbox inbox,
                CallbackHandler handler,
                Executor executor,
                @Nullable ExecutorService own,
                Map<String, String> settings) {
            store = new UnreliableInbox(inbox);
            CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder()
                    .publicUrl("https://your-server.com/captcha/callback")
                    .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                    .settings(settings)
                    .clock(clock)
                    .store(store.proxy())
                    .listener(events::add);
            callbacks = builder.build();
            delivery = new InboxDelivery(callbacks, callbacks.inbox().orElseThrow(), handler, executor, own, () -> 0);
        }

        TestRequest request() {
            return request(callbacks.issue());
        }

        TestRequest request(IssuedCallback issued) {
            return TestRequest.get(issued.url()).param("id", "1").param("code", ANSWER);
        }

        CallbackAnswer receive(TestRequest request) {
            return delivery.deliver(accepted(request));
        }

        /** Receives the callback of a new reference, and returns that. */
        String receive() {
            IssuedCallback issued = callbacks.issue();
            assertThat(receive(request(issued)).status()).isEqualTo(200);
            return issued.reference();
        }

        private Verdict.Accepted accepted(TestRequest request) {
            return assertThat(delivery.judge(request))
                    .asInstanceOf(type(Verdict.Accepted.class))
                    .actual();
        }

        void assertRefused(TestRequest request, Refusal refusal) {
            assertThat(delivery.judge(request))
                    .asInstanceOf(type(Verdict.Refused.class))
                    .extracting(Verdict.Refused::refusal)
                    .isEqualTo(refusal);
        }

        <T extends CallbackEvent> List<T> events(Class<T> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        DeadLetters deadLetters() {
            return callbacks.deadLetters().orElseThrow();
        }
    }

    private StoredCallback find(String reference) {
        return new SharedMapStore(data, clock).find(reference).orElseThrow();
    }

    private StoredCallback.State state(String reference) {
        return find(reference).state();
    }

    private static CallbackHandler failing() {
        return callback -> {
            throw new IOException("the disk is full");
        };
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** Lets time pass in steps of a second, with a round after each. */
    private void pass(Duration duration, Node... nodes) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            clock.advance(Duration.ofSeconds(1));
            for (Node node : nodes) {
                node.delivery.round();
            }
        }
    }

    // ---- kept with the claim

    @Test
    void deliverWhenHandlerReturnsThenSettledAndTheAnswerIsErased() {
        Node node = new Node(handled::add);
        String reference = node.receive();

        assertThat(handled).singleElement().satisfies(callback -> {
            assertThat(callback.reference()).isEqualTo(reference);
            assertThat(callback.solution()).isEqualTo(ANSWER);
        });
        assertThat(state(reference)).isEqualTo(SETTLED);
        assertThat(data.answers()).isZero();
        assertThat(node.events(CallbackEvent.Delivered.class))
                .extracting(CallbackEvent.Delivered::attempts)
                .containsExactly(1);
        assertThat(node.events(CallbackEvent.Settled.class)).hasSize(1);
    }

    @Test
    void judgeThenTheAnswerIsKeptByTheStepThatClaims() {
        Node node = new Node(handled::add, waiting::add);
        IssuedCallback issued = node.callbacks.issue();
        node.store.calls().clear();

        node.receive(node.request(issued));

        assertThat(node.store.calls()).containsExactly("accept");
        assertThat(data.answers()).isEqualTo(1);
        assertThat(state(issued.reference())).isEqualTo(IN_PROGRESS);
    }

    /** The service's repeat has nothing to add: its answer is safe. */
    @Test
    void judgeWhenTheAnswerIsKeptAndItsHandlerFailedThenARepeatIsAlreadyProcessed() {
        Node node = new Node(failing());
        TestRequest request = node.request();
        node.receive(request);
        node.assertRefused(request, Refusal.ALREADY_PROCESSED);
    }

    @Test
    void judgeWhenDuplicatesAreOkThenARepeatOfAKeptAnswerIsAnsweredWith200() {
        Node node = new Node(
                new SharedMapStore(data, clock), failing(), Runnable::run, null, Map.of("replay.duplicates", "ok"));
        TestRequest request = node.request();
        node.receive(request);
        assertThat(node.delivery.judge(request)).isInstanceOf(Verdict.Repeated.class);
    }

    @Test
    void judgeWithoutPendingTasksThenTheAnswerIsKeptAsWell() {
        Node node = new Node(
                new SharedMapStore(data, clock), failing(), Runnable::run, null, Map.of("pending.enabled", "false"));
        node.receive(node.request());
        assertThat(data.answers()).isEqualTo(1);
    }

    @Test
    void judgeWhenTheStoreFailsTwiceThenNothingIsAcceptedAndTheServiceIsAskedToComeAgain() {
        Node node = new Node(handled::add);
        TestRequest request = node.request();
        node.store.fail("accept");
        node.assertRefused(request, Refusal.UNAVAILABLE);
        node.store.fail();
        assertThat(node.receive(request).status()).isEqualTo(200);
        assertThat(handled).hasSize(1);
    }

    /** The answer of the store was lost, not that of the service: it is kept, and delivered after the lease. */
    @Test
    void judgeWhenTheResultOfAcceptingIsLostTwiceThenDeliveredAllTheSame() {
        Node node = new Node(handled::add);
        TestRequest request = node.request();
        node.store.loseResults("accept");
        node.store.fail("release");
        node.assertRefused(request, Refusal.UNAVAILABLE);
        node.store.loseResults();
        node.store.fail();

        pass(LEASE, node);

        assertThat(handled).hasSize(1);
    }

    @Test
    void callbacksOfAStoreThatKeepsNothingOrWithoutOneTimeUseHaveNoInbox() {
        CaptchaCallbacks manyTimes = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                .set("replay.enabled", "false")
                .build();
        assertThat(manyTimes.inbox()).isEmpty();
        assertThat(manyTimes.deadLetters()).isEmpty();
        assertThat(manyTimes.store().inboxDepth()).isEmpty();
    }

    // ---- crash and takeover

    @Test
    void takeDueWhenTheNodeDiedBetweenClaimAndHandlerThenAnotherDeliversAfterTheLease() {
        Node dead = new Node(handled::add, waiting::add);
        String reference = dead.receive();
        Node other = new Node(handled::add);

        pass(LEASE.minusSeconds(1), other);
        assertThat(handled).isEmpty();
        pass(Duration.ofSeconds(1), other);

        assertThat(handled).singleElement().satisfies(callback -> {
            assertThat(callback.solution()).isEqualTo(ANSWER);
            assertThat(callback.age(clock.instant())).isEqualTo(LEASE);
        });
        assertThat(state(reference)).isEqualTo(SETTLED);
        assertThat(other.events(CallbackEvent.Delivered.class))
                .extracting(CallbackEvent.Delivered::attempts)
                .containsExactly(2);
    }

    /** Every attempt ends its process: counted before it begins, so that there is an end. */
    @Test
    void takeDueWhenEachAttemptEndsItsProcessThenDeadAfterTheLastAndNotHandedOutAgain() {
        String reference = new Node(handled::add, waiting::add).receive();
        for (int attempt = 2; attempt <= 6; attempt++) {
            Node crashing = new Node(handled::add, waiting::add);
            pass(LEASE, crashing);
            assertThat(waiting).hasSize(attempt);
        }
        Node last = new Node(handled::add);

        pass(LEASE, last);

        assertThat(handled).isEmpty();
        assertThat(state(reference)).isEqualTo(DEAD);
        assertThat(find(reference).reason()).contains("before the handler ended");
        assertThat(last.events(CallbackEvent.Dead.class))
                .extracting(CallbackEvent.Dead::attempts)
                .containsExactly(6);
    }

    @Test
    void attemptWhenItsLeaseWasOverAndAnotherNodeHasDeliveredThenNotHandledTwice() {
        Node slow = new Node(handled::add, waiting::add);
        slow.receive();
        Node other = new Node(handled::add);
        pass(LEASE, other);
        assertThat(handled).hasSize(1);

        waiting.remove().run();

        assertThat(handled).hasSize(1);
    }

    /** The handler was not renewed, as if its process had stalled: it runs on, and must not settle what is another's. */
    @Test
    void attemptWhenAnotherNodeTookOverWhileItRanThenItsEndIsFenced() {
        Node other = new Node(callback -> {}, waiting::add);
        Node stalled = new Node(callback -> pass(LEASE, other));
        String reference = stalled.receive();

        assertThat(waiting).hasSize(1);
        assertThat(state(reference)).isEqualTo(IN_PROGRESS);
        assertThat(stalled.events(CallbackEvent.Delivered.class)).isEmpty();
        waiting.remove().run();
        assertThat(state(reference)).isEqualTo(SETTLED);
        assertThat(other.events(CallbackEvent.Delivered.class)).hasSize(1);
    }

    @Test
    void renewLeasesWhenTheLeaseWasLostThenTheEndOfTheHandlerAsksNothingOfTheStore() {
        List<Node> nodes = new ArrayList<>();
        Node other = new Node(callback -> {}, waiting::add);
        Node stalled = new Node(callback -> {
            pass(LEASE, other);
            nodes.get(0).delivery.renewLeases();
        });
        nodes.add(stalled);
        stalled.receive();
        assertThat(stalled.store.calls()).endsWith("renew");
    }

    @Test
    void renewLeasesWhileAHandlerTakesLongerThanItsLeaseThenNobodyElseTakesIt() {
        List<Node> nodes = new ArrayList<>();
        Node other = new Node(handled::add);
        Node busy = new Node(callback -> {
            for (int third = 0; third < 12; third++) {
                pass(LEASE.dividedBy(3), other);
                nodes.get(0).delivery.renewLeases();
            }
            handled.add(callback);
        });
        nodes.add(busy);

        String reference = busy.receive();

        assertThat(handled).hasSize(1);
        assertThat(state(reference)).isEqualTo(SETTLED);
    }

    @Test
    void renewLeasesWhileAnAttemptWaitsForItsThreadThenItKeepsIt() {
        Node busy = new Node(handled::add, waiting::add);
        busy.receive();
        Node other = new Node(handled::add);
        for (int third = 0; third < 6; third++) {
            pass(LEASE.dividedBy(3), other);
            busy.delivery.renewLeases();
        }
        assertThat(handled).isEmpty();
        waiting.remove().run();
        assertThat(handled).hasSize(1);
    }

    /** Two nodes, one data, and every answer once in the store's eyes. */
    @Test
    void takeDueByTwoNodesThenEachAnswerIsHandledByOne() {
        Node dead = new Node(handled::add, waiting::add);
        for (int i = 0; i < 100; i++) {
            dead.receive();
        }
        clock.advance(LEASE);
        Node a = new Node(handled::add);
        Node b = new Node(handled::add);
        pass(Duration.ofSeconds(10), a, b);
        assertThat(handled).hasSize(100).doesNotHaveDuplicates();
        assertThat(data.answers()).isZero();
    }

    @Test
    void takeDueWhenItsResultIsLostThenTheNextRoundGetsTheSameAnswerUncounted() {
        Node dead = new Node(handled::add, waiting::add);
        dead.receive();
        clock.advance(LEASE);
        Node node = new Node(handled::add);
        node.store.loseResults("takeDue");
        node.delivery.round();
        assertThat(handled).isEmpty();
        node.store.loseResults();

        node.delivery.round();

        assertThat(handled).hasSize(1);
        assertThat(node.events(CallbackEvent.Delivered.class))
                .extracting(CallbackEvent.Delivered::attempts)
                .containsExactly(2);
    }

    /** Its handler would not find the reference, take that for a repeat, and the answer would be settled. */
    @Test
    void takeDueWhenTwoEndpointsShareAStoreThenNeitherHandlesTheOthersCallbacks() {
        Node shop = new Node(handled::add, waiting::add);
        String reference = shop.receive();
        List<Callback> handledElsewhere = new ArrayList<>();
        Node other = new Node(
                new SharedMapStore(data, clock),
                handledElsewhere::add,
                Runnable::run,
                null,
                Map.of("path", "/another/callback"));
        pass(LEASE, other);
        assertThat(state(reference)).isEqualTo(WAITING);

        pass(Duration.ofSeconds(1), other, new Node(handled::add));

        assertThat(handledElsewhere).isEmpty();
        assertThat(handled).hasSize(1);
        assertThat(state(reference)).isEqualTo(SETTLED);
    }

    @Test
    void takeDueWhenNobodyComesForTheCallbackOfAnotherEndpointThenDead() {
        String reference = new Node(handled::add, waiting::add).receive();
        Node other = new Node(
                new SharedMapStore(data, clock),
                handled::add,
                Runnable::run,
                null,
                Map.of("path", "/another/callback"));
        pass(Duration.ofSeconds(601), other);
        assertThat(state(reference)).isEqualTo(DEAD);
        assertThat(find(reference).reason()).contains("/captcha/callback");
        assertThat(handled).isEmpty();
    }

    /** By a real store, whose clock runs. */
    @Test
    void takeDueFromADatabaseWhenTheNodeDiedThenAnotherDelivers() throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:delivery;DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("runscript from 'src/main/resources/io/github/captchacallback/store/jdbc/schema-h2.sql'");
        }
        Map<String, String> settings = Map.of("replay.lease", "50ms");
        Node dead = new Node(JdbcCallbackStore.builder(database).open(), handled::add, waiting::add, null, settings);
        String reference = dead.receive();
        CallbackInbox store = JdbcCallbackStore.builder(database).open();
        Node other = new Node(store, handled::add, Runnable::run, null, settings);

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (handled.isEmpty() && System.nanoTime() < end) {
            other.delivery.round();
        }

        assertThat(handled).extracting(Callback::solution).containsExactly(ANSWER);
        assertThat(store.find(reference).orElseThrow().state()).isEqualTo(SETTLED);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select count(*) from captcha_callback where answer like '%" + ANSWER + "%'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    // ---- a handler that fails

    @Test
    void attemptWhenHandlerFailsThenRepeatedAfterOneTwoFiveTenAndTwentySecondsAndThenDead() {
        List<Duration> ages = new ArrayList<>();
        Node node = new Node(callback -> {
            ages.add(callback.age(clock.instant()));
            throw new IllegalStateException("a bug");
        });
        String reference = node.receive();

        pass(Duration.ofMinutes(5), node);

        assertThat(ages).extracting(Duration::toSeconds).containsExactly(0L, 1L, 3L, 8L, 18L, 38L);
        assertThat(node.events(CallbackEvent.RetryScheduled.class))
                .extracting(CallbackEvent.RetryScheduled::attempts)
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(state(reference)).isEqualTo(DEAD);
        assertThat(node.events(CallbackEvent.Dead.class)).singleElement().satisfies(dead -> {
            assertThat(dead.reference()).isEqualTo(reference);
            assertThat(dead.attempts()).isEqualTo(6);
            assertThat(dead.kept()).isEqualTo(Duration.ofDays(7));
            assertThat(dead.reason()).contains("IllegalStateException").contains("delivery.attempts = 6");
        });
    }

    @Test
    void attemptWhenTheRepeatWouldComeTooLateThenDead() {
        AtomicInteger attempts = new AtomicInteger();
        Node node = new Node(
                new SharedMapStore(data, clock),
                callback -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("a bug");
                },
                Runnable::run,
                null,
                Map.of("delivery.within", "7s"));
        String reference = node.receive();
        pass(Duration.ofMinutes(5), node);
        assertThat(attempts).hasValue(3);
        assertThat(find(reference).reason()).contains("delivery.within = 7 s is over");
    }

    @Test
    void attemptWhenHandlerFailsOnceThenTheNextNodeMayDeliver() {
        Node failing = new Node(failing());
        String reference = failing.receive();
        assertThat(state(reference)).isEqualTo(WAITING);
        Node other = new Node(handled::add);
        pass(Duration.ofSeconds(1), other);
        assertThat(handled).hasSize(1);
    }

    @Test
    void attemptWhenTheHandlerSaysDoNotRetryThenDeadAtOnce() {
        Node node = new Node(callback -> {
            throw new IOException(new DoNotRetryException("the order was cancelled"));
        });
        String reference = node.receive();
        assertThat(state(reference)).isEqualTo(DEAD);
        assertThat(find(reference).reason()).contains("the order was cancelled");
    }

    @Test
    void attemptWhenTheHandlersMessageQuotesTheAnswerThenNothingShowsIt() {
        Node node = new Node(callback -> {
            throw new DoNotRetryException("rejected:\n" + callback.solution());
        });
        String reference = node.receive();
        assertThat(find(reference).toString()).doesNotContain(ANSWER);
        assertThat(node.events.toString()).doesNotContain(ANSWER);
    }

    @Test
    void attemptWhenHandlerEndsInAnErrorThenRepeatedAndTheErrorIsNotSwallowed() {
        Node node = new Node(
                callback -> {
                    throw new StackOverflowError("deep");
                },
                waiting::add);
        String reference = node.receive();
        assertThatThrownBy(() -> waiting.remove().run()).isInstanceOf(StackOverflowError.class);
        assertThat(state(reference)).isEqualTo(WAITING);
    }

    // ---- the executor

    @Test
    void deliverWhenTheExecutorIsFullThenAnswered200AndHandledLater() {
        AtomicBoolean full = new AtomicBoolean(true);
        Node node = new Node(handled::add, task -> {
            if (full.get()) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        });
        String reference = node.receive();
        pass(Duration.ofMinutes(2), node);
        assertThat(handled).isEmpty();
        full.set(false);
        node.delivery.round();

        assertThat(handled).hasSize(1);
        assertThat(state(reference)).isEqualTo(SETTLED);
        // What was given back without being begun does not count.
        assertThat(node.events(CallbackEvent.Delivered.class))
                .extracting(CallbackEvent.Delivered::attempts)
                .containsExactly(1);
    }

    @Test
    void deliverWhenNoThreadCanBeMadeThenAnswered200AndHandledLater() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Node node = new Node(handled::add, task -> {
            if (broken.getAndSet(false)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });
        node.receive();
        node.delivery.round();
        assertThat(handled).hasSize(1);
    }

    @Test
    void takeDueWhenManyAreDueAfterARestartThenABoundedNumberRunsAtOnce() {
        Node dead = new Node(handled::add, waiting::add);
        for (int i = 0; i < 100; i++) {
            dead.receive();
        }
        clock.advance(LEASE);
        waiting.clear();
        Node restarted = new Node(handled::add, waiting::add);
        for (int round = 0; round < 5; round++) {
            restarted.delivery.round();
        }
        assertThat(waiting).hasSize(InboxDelivery.TAKEN_AT_ONCE);
        while (!waiting.isEmpty()) {
            waiting.remove().run();
            if (waiting.isEmpty()) {
                restarted.delivery.round();
            }
        }
        assertThat(handled).hasSize(100).doesNotHaveDuplicates();
    }

    // ---- a store that is unavailable

    @Test
    void attemptWhenTheStoreFailsAfterTheHandlerThenSettledOnceItAnswersAndNotHandledAgain() {
        List<Node> nodes = new ArrayList<>();
        Node node = new Node(callback -> {
            handled.add(callback);
            nodes.get(0).store.fail("settle", "takeDue", "renew", "retry", "release");
        });
        nodes.add(node);
        String reference = node.receive();
        assertThat(state(reference)).isEqualTo(IN_PROGRESS);
        pass(LEASE.multipliedBy(2), node);
        node.store.fail();

        pass(Duration.ofSeconds(10), node);

        assertThat(state(reference)).isEqualTo(SETTLED);
        assertThat(handled).hasSize(1);
    }

    @Test
    void roundWhenTheStoreIsDownThenItIsAskedLessOften() {
        Node node = new Node(handled::add);
        node.store.fail("takeDue");
        node.store.calls().clear();
        pass(Duration.ofSeconds(60), node);
        assertThat(node.store.calls()).hasSizeBetween(10, 20);
        node.store.fail();
        String reference = node.receive();
        pass(Duration.ofSeconds(6), node);
        assertThat(state(reference)).isEqualTo(SETTLED);
    }

    @Test
    void takeDueWhenAnAnswerCannotBeReadThenDeadAndTheOthersAreHandled() {
        Node node = new Node(handled::add, waiting::add);
        String unreadable = node.receive();
        String readable = node.receive();
        waiting.clear();
        data.replaceAnswer(unreadable, "99\nanother version");
        clock.advance(LEASE);
        Node other = new Node(handled::add);
        other.delivery.round();
        assertThat(handled).extracting(Callback::reference).containsExactly(readable);
        assertThat(state(unreadable)).isEqualTo(DEAD);
    }

    // ---- dead letters

    @Test
    void replayWhenTheHandlerWasCorrectedThenDelivered() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Node node = new Node(callback -> {
            if (broken.get()) {
                throw new DoNotRetryException("a bug");
            }
            handled.add(callback);
        });
        String reference = node.receive();
        assertThat(node.deadLetters().list(10, null).entries())
                .extracting(StoredCallback::key)
                .containsExactly(reference);
        clock.advance(Duration.ofDays(3));
        broken.set(false);

        assertThat(node.deadLetters().replay(reference)).isTrue();
        assertThat(node.deadLetters().replay(reference)).isFalse();
        node.delivery.round();

        assertThat(handled).extracting(Callback::solution).containsExactly(ANSWER);
        assertThat(state(reference)).isEqualTo(SETTLED);
        assertThat(node.events(CallbackEvent.Replayed.class)).hasSize(1);
    }

    @Test
    void replayAllThenWhatTheFilterAcceptsIsCountedBeforeAndDelivered() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Node node = new Node(callback -> {
            if (broken.get()) {
                throw new DoNotRetryException("a bug");
            }
            handled.add(callback);
        });
        String kept = node.receive();
        for (int i = 0; i < 250; i++) {
            node.receive();
        }
        broken.set(false);
        DeadLetters dead = node.deadLetters();
        assertThat(dead.count(letter -> !letter.key().equals(kept))).isEqualTo(250);

        assertThat(dead.replayAll(letter -> !letter.key().equals(kept))).isEqualTo(250);
        pass(Duration.ofSeconds(30), node);

        assertThat(handled).hasSize(250);
        assertThat(state(kept)).isEqualTo(DEAD);
    }

    @Test
    void discardThenTheAnswerIsErasedAndTheReasonIsTold() {
        Node node = new Node(callback -> {
            throw new DoNotRetryException("a bug");
        });
        String reference = node.receive();
        assertThatIllegalArgumentException().isThrownBy(() -> node.deadLetters().discard(reference, " "));

        assertThat(node.deadLetters().discard(reference, "refunded\nby hand")).isTrue();

        assertThat(data.answers()).isZero();
        assertThat(node.events(CallbackEvent.Discarded.class))
                .extracting(CallbackEvent.Discarded::reason)
                .containsExactly("refunded?by hand");
        assertThat(node.deadLetters().discard(reference, "again")).isFalse();
    }

    // ---- shutdown

    @Test
    void closeThenWhatWaitsIsGivenBackAtOnceAndAnotherNodeDelivers() {
        Node node = new Node(handled::add, waiting::add);
        node.receive();
        node.receive();
        Runnable late = waiting.remove();
        long started = System.nanoTime();
        node.delivery.close();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(TIMEOUT_SECONDS));

        Node other = new Node(handled::add);
        other.delivery.round();

        assertThat(handled).hasSize(2);
        late.run();
        waiting.remove().run();
        assertThat(handled).hasSize(2);
        assertThat(other.events(CallbackEvent.Delivered.class))
                .extracting(CallbackEvent.Delivered::attempts)
                .containsExactly(1, 1);
    }

    @Test
    void closeThenNothingMoreIsTaken() {
        Node node = new Node(handled::add);
        node.delivery.close();
        node.store.calls().clear();
        node.delivery.round();
        assertThat(node.store.calls()).doesNotContain("takeDue");
    }

    @Test
    void closeThenWhatRunsComesToItsEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayProceed = new CountDownLatch(1);
        ExecutorService own = HandlerThreads.bounded(10);
        Node node = new Node(
                callback -> {
                    begun.countDown();
                    await(mayProceed);
                    handled.add(callback);
                },
                own,
                own);
        String reference = node.receive();
        await(begun);
        Thread closing = new Thread(node.delivery::close);
        closing.start();
        while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(closing.isAlive()).isTrue();
        mayProceed.countDown();
        closing.join();
        assertThat(state(reference)).isEqualTo(SETTLED);
    }

    /** Nobody else can deliver what is in this memory. */
    @Test
    void closeWhenTheStoreIsInMemoryThenWhatWaitsIsHandled() {
        ExecutorService own = HandlerThreads.bounded(10);
        CountDownLatch closing = new CountDownLatch(1);
        CallbackHandler slow = callback -> {
            await(closing);
            handled.add(callback);
        };
        Node node = new Node(new CaffeineCallbackStore(clock, 10_000), slow, own, own, Map.of());
        for (int i = 0; i < 200; i++) {
            node.receive();
        }
        assertThat(node.callbacks.store().inboxDepth().orElseThrow().due()).isPositive();
        closing.countDown();
        node.delivery.close();
        assertThat(handled).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void closeWhenInterruptedThenWhatRunsIsGivenBackAndTheInterruptionIsKept() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ExecutorService own = HandlerThreads.bounded(10);
        Node node = new Node(
                callback -> {
                    begun.countDown();
                    never.await();
                },
                own,
                own);
        String reference = node.receive();
        await(begun);
        Thread.currentThread().interrupt();
        node.delivery.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(own.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(state(reference)).isEqualTo(WAITING);
        assertThat(find(reference).attempts()).isZero();
    }

    // ---- through the endpoint

    @Test
    void endpointWhenHandlerFailsOnceThenItsTimerDeliversAndTheAnswerIsErased() throws Exception {
        CaffeineCallbackStore store = new CaffeineCallbackStore(clock, 100);
        CountDownLatch succeeded = new CountDownLatch(1);
        CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", "correct-horse-battery-staple-2026-november")
                .clock(clock)
                .store(store)
                .listener(event -> {
                    if (event instanceof CallbackEvent.RetryScheduled retry) {
                        clock.advance(retry.after());
                    } else if (event instanceof CallbackEvent.Settled) {
                        succeeded.countDown();
                    }
                })
                .build();
        AtomicBoolean broken = new AtomicBoolean(true);
        IssuedCallback issued = callbacks.issue();
        try (CallbackEndpoint endpoint = CallbackEndpoint.of(callbacks, callback -> {
            if (broken.getAndSet(false)) {
                throw new IOException("the disk is full");
            }
        })) {
            Step step = endpoint.receive(
                    TestRequest.get(issued.url()).param("id", "1").param("code", ANSWER));
            assertThat(step)
                    .asInstanceOf(type(Step.Answer.class))
                    .satisfies(answer -> assertThat(answer.answer().status()).isEqualTo(200));
            await(succeeded);
            assertThat(store.find(issued.reference()).orElseThrow().state()).isEqualTo(SETTLED);
            assertThat(callbacks.store().inboxDepth()).contains(new InboxDepth(0, 0, 0, 0, Duration.ZERO));
        }
    }

    @Test
    void deliverWhenHandlersFailAtRandomThenEachIsHandledAndSettledExactlyOnce() {
        Random random = new Random(42);
        Map<String, Integer> successes = new HashMap<>();
        CallbackHandler flaky = callback -> {
            if (random.nextInt(10) < 3) {
                throw new IOException("by chance");
            }
            successes.merge(callback.reference(), 1, Integer::sum);
        };
        Map<String, String> many = Map.of("delivery.attempts", "50");
        Node a = new Node(new SharedMapStore(data, clock), flaky, Runnable::run, null, many);
        Node b = new Node(new SharedMapStore(data, clock), flaky, Runnable::run, null, many);
        List<String> references = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            references.add((i % 2 == 0 ? a : b).receive());
        }
        pass(Duration.ofMinutes(5), a, b);

        assertThat(successes.keySet()).containsExactlyInAnyOrderElementsOf(references);
        assertThat(successes.values()).allMatch(count -> count == 1);
        assertThat(references).allMatch(reference -> state(reference) == SETTLED);
        List<CallbackEvent.Delivered> delivered = new ArrayList<>(a.events(CallbackEvent.Delivered.class));
        delivered.addAll(b.events(CallbackEvent.Delivered.class));
        assertThat(delivered)
                .extracting(CallbackEvent.Delivered::reference)
                .hasSize(1_000)
                .doesNotHaveDuplicates();
        assertThat(data.answers()).isZero();
    }
}
