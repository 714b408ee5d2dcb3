package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.FreePort;
import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.CallbackStoreContract;
import io.github.captchacallback.store.StoreFixture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs the contracts on a Cluster of three primaries. */
@Tag("slow")
class RedisClusterIT {

    private static final int PRIMARIES = 3;
    private static final List<RedisServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        String executable = RedisServer.requireInstalled("redis-server");
        for (int i = 0; i < PRIMARIES; i++) {
            int port = clusterPort();
            SERVERS.add(RedisServer.start(executable, port, "--cluster-enabled", "yes"));
        }
        for (int i = 0; i < PRIMARIES; i++) {
            int from = i * SlotHash.SLOT_COUNT / PRIMARIES;
            int to = (i + 1) * SlotHash.SLOT_COUNT / PRIMARIES;
            int[] slots = IntStream.range(from, to).toArray();
            int epoch = i + 1;
            SERVERS.get(i).ask(redis -> redis.clusterAddSlots(slots));
            SERVERS.get(i).ask(redis -> redis.clusterSetConfigEpoch(epoch));
            SERVERS.get(i)
                    .ask(redis -> redis.clusterMeet("127.0.0.1", SERVERS.get(0).port()));
        }
        for (RedisServer server : SERVERS) {
            server.awaitUntil(redis -> {
                String info = redis.clusterInfo();
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + PRIMARIES);
            });
        }
    }

    /** The nodes of a Cluster talk to one another on a second port, 10,000 above the first. */
    private static int clusterPort() throws IOException {
        int port = FreePort.find();
        return port < 55_000 ? port : port - 10_000;
    }

    @AfterAll
    static void end() {
        SERVERS.forEach(RedisServer::close);
        SERVERS.clear();
    }

    private static List<RedisURI> uris() {
        return SERVERS.stream().map(RedisServer::uri).toList();
    }

    private static StoreFixture fixture() {
        return new RedisFixture(uris(), builder -> builder.cluster(true));
    }

    @Nested
    class Store extends CallbackStoreContract {

        @Override
        protected StoreFixture createFixture() {
            return fixture();
        }
    }

    @Nested
    class Inbox extends CallbackInboxContract {

        @Override
        protected StoreFixture createFixture() {
            return fixture();
        }
    }

    @Test
    void openWhenOnePrimaryEvictsThenItIsNamed() {
        SERVERS.get(2).ask(redis -> redis.configSet("maxmemory-policy", "allkeys-lru"));
        try {
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisCallbackStore.builder(uris())
                            .cluster(true)
                            .unseenAllowed(true)
                            .open())
                    .withMessageContaining("allkeys-lru");
        } finally {
            SERVERS.get(2).ask(redis -> redis.configSet("maxmemory-policy", "noeviction"));
        }
        assertThat(SERVERS).hasSize(PRIMARIES);
    }
}
