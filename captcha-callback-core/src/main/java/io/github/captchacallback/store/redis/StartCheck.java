package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStoreException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds at startup what would otherwise disturb the first callbacks, or forget used ones. */
final class StartCheck {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.captchacallback");
    private static final Pattern POLICY = Pattern.compile("^maxmemory_policy:(\\S+)", Pattern.MULTILINE);
    private static final String NO_EVICTION = "noeviction";

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
        Optional<String> evicting = evictionPolicy();
        if (evicting.isEmpty()) {
            return;
        }
        String found =
                "Redis at " + connections + " may evict keys before their time: maxmemory-policy is " + evicting.get();
        if (unseenAllowed) {
            throw new IllegalArgumentException(
                    found + ". With pending.enabled=false, a used callback whose key was evicted"
                            + " would be accepted again. Set maxmemory-policy to noeviction, or pending.enabled to true");
        }
        LOG.warn("{}. A callback whose key was evicted is refused. Set maxmemory-policy to noeviction", found);
    }

    /** Returns how Redis evicts keys; empty if it does not, or does not say. */
    private Optional<String> evictionPolicy() {
        TreeSet<String> policies = new TreeSet<>();
        try {
            for (String info : connections.info("memory")) {
                Matcher policy = POLICY.matcher(info);
                policies.add(policy.find() ? policy.group(1) : "");
            }
        } catch (CallbackStoreException e) {
            LOG.debug("INFO was refused", e);
            policies.add("");
        }
        if (policies.contains("")) {
            LOG.info(
                    "Redis at {} does not say whether it evicts keys (INFO memory). Make sure that its maxmemory-policy is"
                            + " noeviction",
                    connections);
        }
        policies.remove("");
        policies.remove(NO_EVICTION);
        return policies.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", policies));
    }
}
