package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.FaultProxy;
import io.github.captchacallback.store.Renewal;
import io.github.captchacallback.store.StoredCallback;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disturbs the connection between the store and a real server. */
class RedisFaultsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** What a busy machine may add to the timeout. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final String KEY = "3q2-7wAAECAwQFBgcICQoL";
    private static final String ID = "70123456789";

    private final RedisServer server = RedisServer.shared();
    private FaultProxy proxy;
    private RedisCallbackStore store;
    private RedisCallbackStore undisturbed;

    @BeforeEach
    void open() throws IOException {
        proxy = server.proxy();
        String prefix = "faults-" + System.nanoTime() + ":";
        store = RedisCallbackStore.builder(List.of(RedisServer.uri(proxy.port())))
                .keyPrefix(prefix)
                .timeout(TIMEOUT)
                .open();
        undisturbed = RedisCallbackStore.builder(List.of(server.uri()))
                .keyPrefix(prefix)
                .open();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        undisturbed.close();
        proxy.close();
    }

    private static ClaimRequest request(long lease) {
        return new ClaimRequest(KEY, ID, "fingerprint", lease, LEASE, KEEP);
    }

    private static ClaimOutcome claimed() {
        return new ClaimOutcome.Claimed();
    }

    /** Runs a step whose reply is dropped after the server has done it. */
    private <T> T withDroppedReply(Supplier<T> step) {
        int before = proxy.dropped();
        proxy.dropReply(1);
        T result = step.get();
        assertThat(proxy.dropped()).as("dropped replies").isEqualTo(before + 1);
        return result;
    }

    private void withDroppedReply(Runnable step) {
        withDroppedReply(() -> {
            step.run();
            return true;
        });
    }

    // ---- the reply of each step is lost once

    @Test
    void expectWhenItsReplyIsLostThenExpectedOnce() {
        withDroppedReply(() -> store.expect(KEY, ID, KEEP));
        assertThatIllegalStateException().isThrownBy(() -> store.expect(KEY, ID, KEEP));
        assertThat(store.claim(request(1))).isEqualTo(claimed());
    }

    @Test
    void expectWhenKeyIsKnownAndTheReplyIsLostThenThrows() {
        undisturbed.expect(KEY, ID, KEEP);
        withDroppedReply(() -> assertThatIllegalStateException().isThrownBy(() -> store.expect(KEY, ID, KEEP)));
    }

    @Test
    void bindWhenItsReplyIsLostThenBound() {
        store.expect(KEY, null, KEEP);
        assertThat(withDroppedReply(() -> store.bind(KEY, ID))).isEqualTo(Binding.BOUND);
    }

    @Test
    void claimWhenItsReplyIsLostThenClaimedOnce() {
        store.expect(KEY, null, KEEP);
        assertThat(withDroppedReply(() -> store.claim(request(1)))).isEqualTo(claimed());
        assertThat(undisturbed.claim(request(2))).isInstanceOf(ClaimOutcome.InProgress.class);
        assertThat(store.settle(KEY, 1)).isTrue();
    }

    @Test
    void claimWhenUnseenAndItsReplyIsLostThenClaimedOnce() {
        assertThat(withDroppedReply(() -> store.claimUnseen(request(1)))).isEqualTo(claimed());
        assertThat(undisturbed.claimUnseen(request(2))).isInstanceOf(ClaimOutcome.InProgress.class);
    }

    @Test
    void settleReleaseAndRenewWhenTheirRepliesAreLostThenRecognized() {
        store.expect(KEY, null, KEEP);
        store.claim(request(1));
        assertThat(withDroppedReply(() -> store.renew(KEY, 1, LEASE))).isEqualTo(Renewal.HELD);
        assertThat(withDroppedReply(() -> store.release(KEY, 1))).isTrue();
        store.claim(request(2));
        assertThat(withDroppedReply(() -> store.settle(KEY, 2))).isTrue();
        assertThat(undisturbed.claim(request(3))).isEqualTo(new ClaimOutcome.Settled(true));
    }

    @Test
    void inboxWhenRepliesAreLostThenEachStepIsDoneOnce() {
        store.expect(KEY, null, KEEP);
        assertThat(withDroppedReply(() -> store.accept(request(1), "answer", KEEP)))
                .isEqualTo(claimed());
        assertThat(withDroppedReply(() -> store.retry(KEY, 1, Duration.ZERO))).isTrue();
        // The first two replies are those of the search and of the taking.
        proxy.dropReply(2);
        assertThat(store.takeDue(2, 10, LEASE)).singleElement().satisfies(due -> {
            assertThat(due.answer()).isEqualTo("answer");
            assertThat(due.attempts()).isEqualTo(2);
        });
        assertThat(withDroppedReply(() -> store.bury(KEY, 2, "reason", KEEP))).isTrue();
        assertThat(withDroppedReply(() -> store.dead(10, null)).entries()).hasSize(1);
        assertThat(withDroppedReply(() -> store.find(KEY)))
                .get()
                .extracting(StoredCallback::state)
                .isEqualTo(StoredCallback.State.DEAD);
    }

    /** That they return false does no harm: nobody does anything because of it. */
    @Test
    void replayDiscardAndAbandonWhenTheirRepliesAreLostThenDone() {
        store.expect(KEY, null, KEEP);
        store.accept(request(1), "answer", KEEP);
        store.bury(KEY, 1, "reason", KEEP);
        withDroppedReply(() -> store.replay(KEY, KEEP));
        assertThat(undisturbed.takeDue(2, 10, LEASE)).hasSize(1);
        undisturbed.bury(KEY, 2, "reason", KEEP);
        withDroppedReply(() -> store.discard(KEY));
        assertThat(undisturbed.find(KEY).orElseThrow().state()).isEqualTo(StoredCallback.State.SETTLED);
        store.expect("other", null, KEEP);
        withDroppedReply(() -> store.abandon("other"));
        assertThat(undisturbed.find("other")).isEmpty();
    }

    // ---- unavailable

    private static void assertUnavailable(Runnable step) {
        long start = System.nanoTime();
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(step::run)
                .withMessageContaining("Redis at 127.0.0.1:")
                .withMessageNotContaining(KEY);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(SLACK));
    }

    private static void awaitUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("recovered in time").isLessThan(deadline);
        }
    }

    private static boolean works(Runnable step) {
        try {
            step.run();
            return true;
        } catch (CallbackStoreException e) {
            return false;
        }
    }

    private void assertRecovers() {
        awaitUntil(() -> works(() -> store.find(KEY)));
        awaitUntil(() -> works(() -> store.claimUnseen(request(1))));
    }

    @Test
    void claimWhenServerRefusesConnectionsThenUnavailableUntilItAccepts() {
        proxy.refuse();
        assertUnavailable(() -> store.claimUnseen(request(1)));
        assertUnavailable(() -> store.expect("other", null, KEEP));
        assertUnavailable(() -> store.occupancy());
        proxy.pass();
        assertRecovers();
        assertThat(store.settle(KEY, 1)).isTrue();
    }

    @Test
    void claimWhenNothingComesBackThenUnavailableWithinTheTimeout() {
        proxy.blackHole();
        for (int i = 0; i < 3; i++) {
            assertUnavailable(() -> store.claimUnseen(request(1)));
        }
        proxy.pass();
        assertRecovers();
    }

    @Test
    void claimWhenAFirewallForgetsTheConnectionsThenTheyAreReplaced() throws IOException {
        try (ForgetfulFirewall firewall = new ForgetfulFirewall(server.port());
                RedisCallbackStore own = RedisCallbackStore.builder(List.of(RedisServer.uri(firewall.port())))
                        .keyPrefix("forgotten-" + System.nanoTime() + ":")
                        .timeout(TIMEOUT)
                        .open()) {
            firewall.forgetConnections();
            assertUnavailable(() -> own.claimUnseen(request(1)));
            awaitUntil(() -> works(() -> own.claimUnseen(request(1))));
        }
    }

    /** What Lettuce would send again after it has reconnected would be a claim that nobody waits for. */
    @Test
    void claimWhenItFailedThenNotSentAgainAfterTheReconnection() {
        undisturbed.expect(KEY, null, KEEP);
        proxy.refuse();
        assertUnavailable(() -> store.claim(request(1)));
        proxy.pass();
        awaitUntil(() -> works(() -> store.find("other")));
        assertThat(undisturbed.claim(request(2))).isEqualTo(claimed());
    }

    @Test
    void claimWhenItArrivesAfterItsReleaseThenNobodyHasIt() {
        store.expect(KEY, null, KEEP);
        store.claim(request(1));
        store.release(KEY, 1);
        assertThat(store.claim(request(1))).isInstanceOf(ClaimOutcome.InProgress.class);
        assertThat(store.claim(request(2))).isEqualTo(claimed());
    }

    // ---- the server

    private void withOwnServer(String[] options, Consumer<RedisServer> test) throws IOException {
        try (RedisServer own = RedisServer.start(options)) {
            test.accept(own);
        }
    }

    private static RedisCallbackStore open(RedisServer own) {
        return RedisCallbackStore.builder(List.of(own.uri())).timeout(TIMEOUT).open();
    }

    @Test
    void claimWhenScriptsAreForgottenBetweenStepsThenTheyAreSentAgain() throws IOException {
        withOwnServer(new String[0], own -> {
            RedisCallbackStore flushed = open(own);
            Runnable flush = () -> own.ask(RedisCommands::scriptFlush);
            flush.run();
            flushed.expect(KEY, null, KEEP);
            flush.run();
            assertThat(flushed.bind(KEY, ID)).isEqualTo(Binding.BOUND);
            flush.run();
            assertThat(flushed.accept(request(1), "answer", KEEP)).isEqualTo(claimed());
            flush.run();
            assertThat(flushed.release(KEY, 1)).isTrue();
            flush.run();
            assertThat(flushed.takeDue(2, 10, LEASE)).hasSize(1);
            flush.run();
            assertThat(flushed.settle(KEY, 2)).isTrue();
            flushed.close();
        });
    }

    @Test
    void claimWhenServerIsKilledAndStartedAgainThenUnavailableMeanwhileAndRecovers() throws IOException {
        withOwnServer(new String[] {"--appendonly", "yes", "--appendfsync", "always"}, own -> {
            RedisCallbackStore restarted = open(own);
            restarted.expect(KEY, null, KEEP);
            assertThat(restarted.claim(request(1))).isEqualTo(claimed());
            own.kill();
            assertUnavailable(() -> restarted.claim(request(1)));
            assertUnavailable(() -> restarted.settle(KEY, 1));
            launch(own);
            awaitUntil(() -> works(() -> restarted.find(KEY)));
            assertThat(restarted.claim(request(2))).isInstanceOf(ClaimOutcome.InProgress.class);
            assertThat(restarted.settle(KEY, 1)).isTrue();
            restarted.close();
        });
    }

    private static void launch(RedisServer server) {
        try {
            server.launch();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
