package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.Renewal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fills the memory of a server: the installed one, and Redis 6.2, which has no flag for scripts that may run then. */
class RedisFullIT {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(5);

    private static ClaimRequest request(String key, long lease) {
        return new ClaimRequest(key, "task", "fingerprint", lease, LEASE, KEEP);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void claimWhenMemoryIsFullThenFullAndWhatWasClaimedCanStillEnd(boolean embedded) throws IOException {
        try (RedisServer server = embedded ? RedisServer.startEmbedded() : RedisServer.start();
                RedisCallbackStore store =
                        RedisCallbackStore.builder(List.of(server.uri())).open()) {
            assertFullAndRecovers(server, store);
        }
    }

    private static void assertFullAndRecovers(RedisServer server, RedisCallbackStore store) {
        for (String key : List.of("expected", "settled", "released", "renewed", "abandoned", "unbound")) {
            store.expect(key, null, KEEP);
        }
        store.claim(request("settled", 1));
        store.claim(request("released", 2));
        store.claim(request("renewed", 3));
        for (String key : List.of("kept", "retried", "buried")) {
            store.acceptUnseen(request(key, 4), "answer", KEEP);
        }
        store.acceptUnseen(request("due", 5), "answer", KEEP);
        store.release("due", 5);

        server.ask(redis -> redis.configSet("maxmemory", "1"));
        assertFull(store::occupancy);
        assertFull(() -> store.expect("new", null, KEEP));
        assertFull(() -> store.claimUnseen(request("new", 6)));
        assertFull(() -> store.claim(request("expected", 6)));
        assertFull(() -> store.acceptUnseen(request("new", 6), "answer", KEEP));
        assertThat(store.claim(request("new", 6))).isInstanceOf(ClaimOutcome.Unknown.class);
        assertThat(store.bind("unbound", "task")).isEqualTo(Binding.BOUND);
        assertThat(store.settle("settled", 1)).isTrue();
        assertThat(store.release("released", 2)).isTrue();
        assertThat(store.renew("renewed", 3, LEASE)).isEqualTo(Renewal.HELD);
        assertThat(store.abandon("abandoned")).isTrue();
        assertThat(store.settle("kept", 4)).isTrue();
        assertThat(store.retry("retried", 4, KEEP)).isTrue();
        assertThat(store.bury("buried", 4, "reason", KEEP)).isTrue();
        assertThat(store.takeDue(7, 10, LEASE)).hasSize(1);
        assertThat(store.settle("due", 7)).isTrue();

        server.ask(redis -> redis.configSet("maxmemory", "0"));
        assertThat(store.occupancy()).isEmpty();
        assertThat(store.find("new")).isEmpty();
        assertThat(store.claim(request("expected", 6))).isInstanceOf(ClaimOutcome.Claimed.class);
        assertThat(store.claim(request("settled", 8))).isEqualTo(new ClaimOutcome.Settled(true));
        assertThat(store.claim(request("released", 8))).isInstanceOf(ClaimOutcome.Claimed.class);
        assertThat(store.dead(10, null).entries()).hasSize(1);
    }

    private static void assertFull(Runnable step) {
        assertThatExceptionOfType(CallbackStoreFullException.class)
                .isThrownBy(step::run)
                .withMessageContaining("Raise maxmemory");
    }
}
