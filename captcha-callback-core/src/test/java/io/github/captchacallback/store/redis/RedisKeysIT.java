package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.FaultProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at what the store leaves in Redis. */
class RedisKeysIT {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration KEEP = Duration.ofMinutes(5);
    /** Redis removes an entry that much later than it is forgotten. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final RedisServer server = RedisServer.shared();
    private final String prefix = "keys-" + System.nanoTime() + ":";
    private RedisCallbackStore store;

    @BeforeEach
    void open() {
        store = RedisCallbackStore.builder(List.of(server.uri()))
                .keyPrefix(prefix)
                .open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ClaimRequest request(String key) {
        return new ClaimRequest(key, "task", "fingerprint", 1, LEASE, KEEP);
    }

    private List<String> keys() {
        return server.ask(redis -> redis.keys(prefix + "*"));
    }

    private Duration rest(String key) {
        return Duration.ofMillis(server.<Long>ask(redis -> redis.pttl(key)));
    }

    @Test
    void claimWhenNoAnswerIsKeptThenOneKeyThatRedisRemoves() {
        store.expect("reference", null, KEEP);
        assertThat(rest(keys().get(0))).isBetween(KEEP, KEEP.plus(GRACE));
        store.claim(request("reference"));
        store.renew("reference", 1, LEASE);
        store.settle("reference", 1);
        assertThat(keys()).hasSize(1);
        assertThat(rest(keys().get(0))).isBetween(KEEP, KEEP.plus(GRACE));
        Long size = server.ask(redis -> redis.memoryUsage(keys().get(0)));
        System.out.println("A settled reference takes " + size + " bytes in Redis");
        assertThat(size).isLessThan(300);
    }

    @Test
    void settleWhenAnswerWasKeptThenNoIndexIsLeft() {
        store.acceptUnseen(request("reference"), "answer", KEEP.plus(KEEP));
        assertThat(keys()).hasSizeGreaterThan(1);
        store.settle("reference", 1);
        assertThat(keys()).singleElement().asString().endsWith(":reference");
        assertThat(rest(keys().get(0))).isBetween(KEEP, KEEP.plus(GRACE));
    }

    /** The whole life of a callback takes four round trips, and a late one is refused in one. */
    @Test
    void claimThenEachStepIsOneRoundTrip() throws IOException {
        // The server has the scripts then.
        store.expect("first", null, KEEP);
        store.bind("first", "task");
        store.claim(request("first"));
        store.settle("first", 1);
        try (FaultProxy proxy = server.proxy();
                RedisCallbackStore counted = RedisCallbackStore.builder(List.of(RedisServer.uri(proxy.port())))
                        .keyPrefix(prefix)
                        .open()) {
            long before = proxy.replies();
            counted.expect("counted", null, KEEP);
            counted.bind("counted", "task");
            counted.claim(request("counted"));
            counted.settle("counted", 1);
            assertThat(proxy.replies() - before).isEqualTo(4);
            assertThat(counted.claim(new ClaimRequest("counted", "task", "other", 2, LEASE, KEEP)))
                    .isEqualTo(new ClaimOutcome.Settled(false));
            assertThat(proxy.replies() - before).isEqualTo(5);
        }
    }

    /** Doubles have 53 bits: two leases that differ in the last bit would be one number. */
    @Test
    void settleWhenLeasesDifferInTheLastBitThenTheyAreTwo() {
        long lease = Long.MAX_VALUE;
        store.expect("reference", null, KEEP);
        store.claim(new ClaimRequest("reference", "task", "fingerprint", lease, LEASE, KEEP));
        assertThat(store.settle("reference", lease - 1)).isFalse();
        assertThat(store.settle("reference", lease)).isTrue();
    }

    @Test
    void claimWhenEntryIsOfAnotherVersionThenFailsInsteadOfAcceptingIt() {
        store.expect("reference", null, KEEP);
        String key = keys().get(0);
        server.ask(redis -> redis.set(key, "9|something newer"));
        Assertions.assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> store.claimUnseen(request("reference")))
                .withMessageContaining("another version of captcha-callback");
    }

    /** An answer that was evicted cannot be delivered, and must not block those that can. */
    @Test
    void takeDueWhenEntryIsGoneThenTheOthersAreTaken() {
        store.acceptUnseen(request("gone"), "answer", KEEP);
        store.release("gone", 1);
        store.acceptUnseen(request("there"), "answer", KEEP);
        store.release("there", 1);
        server.ask(redis -> redis.del(
                keys().stream().filter(key -> key.endsWith(":gone")).findFirst().orElseThrow()));
        store.takeDue(2, 1, LEASE);
        store.takeDue(3, 1, LEASE);
        assertThat(store.find("there").orElseThrow().attempts()).isEqualTo(1);
        assertThat(store.depth().orElseThrow().due()).isZero();
    }

    @Test
    void keyWhenItHasSpecialCharactersThenItIsData() {
        for (String key : List.of("a b", "a\r\nb", "'; return 1 --", "{x}", "é€😀")) {
            store.expect(key, "task", KEEP);
            assertThat(store.claim(request(key))).isInstanceOf(ClaimOutcome.Claimed.class);
            assertThat(store.settle(key, 1)).isTrue();
        }
    }
}
