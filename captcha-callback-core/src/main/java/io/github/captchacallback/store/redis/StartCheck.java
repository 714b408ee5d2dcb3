package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStoreException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds at startup what would otherwise disturb the first callbacks, or forget used ones. */
final class StartCheck {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.captchacallback");
    static final String EVICTION_ACTION = "Set maxmemory-policy to noeviction";

    private final RedisConnections connections;
    private final Buckets buckets;

    StartCheck(RedisConnections connections, Buckets buckets) {
        this.connections = connections;
        this.buckets = buckets;
    }

    /** Returns the line that gives a user the rights that the store needs. */
    static String rights(String keyPrefix) {
        return "ACL SETUSER captcha-callback on >password ~" + keyPrefix
                + "* +eval +evalsha +get +set +del +time +pexpire"
                + " +zadd +zrem +zcount +zrangebyscore +zremrangebyscore +sadd +smembers +ping +info";
    }

    /**
     * Checks rights and eviction.
     *
     * @throws CallbackStoreException if a command is refused
     * @throws IllegalArgumentException if Redis evicts keys and unseen callbacks are claimed
     */
    void run(boolean unseenAllowed) {
        connections.run(Script.CHECK, new byte[][] {buckets.check("a"), buckets.check("b")});
        Memory memory = Memory.of(connections);
        if (!memory.isKnown()) {
            LOG.info(
                    "Redis at {} does not say whether it evicts keys (INFO memory). Make sure that its maxmemory-policy is"
                            + " noeviction",
                    connections);
        }
        Optional<String> warning = evictionWarning(memory);
        if (warning.isPresent() && unseenAllowed) {
            throw new IllegalArgumentException(
                    warning.get() + ". With pending.enabled=false, a used callback whose key was"
                            + " evicted would be accepted again. Set maxmemory-policy to noeviction, or pending.enabled to true");
        }
        warning.ifPresent(
                text -> LOG.warn("{}. A callback whose key was evicted is refused. {}", text, EVICTION_ACTION));
    }

    /** Returns how Redis evicts keys; empty if it does not, as far as that is known. */
    static Optional<String> evictionWarning(Memory memory) {
        return memory.eviction().map(policy -> "Redis may evict keys before their time: maxmemory-policy is " + policy);
    }
}
