package io.github.captchacallback.store.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Represents a connection that is replaced if it does not answer. Lettuce makes a connection anew that was closed; one that a
 * firewall has forgotten is not closed for many minutes. Safe for use by several threads.
 */
final class Link {

    /** A connection and its commands. */
    record Connection(StatefulConnection<byte[], byte[]> stateful, RedisClusterAsyncCommands<byte[], byte[]> commands) {

        /** Asks the server, or each primary of the Cluster, for a section of what it says of itself. */
        List<CompletionStage<String>> info(String section) {
            if (!(stateful instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster)) {
                return List.of(commands.info(section));
            }
            return primaries(cluster)
                    .<CompletionStage<String>>map(node -> cluster.getConnectionAsync(node.getNodeId())
                            .thenCompose(each -> each.async().info(section)))
                    .toList();
        }
    }

    /** Returns the nodes of a Cluster that have data of their own. */
    static Stream<RedisClusterNode> primaries(StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        return cluster.getPartitions().stream()
                .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM)
                        && !node.getSlots().isEmpty());
    }

    private final Supplier<CompletionStage<Connection>> connect;
    private final AtomicBoolean replacing = new AtomicBoolean();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    Link(Supplier<CompletionStage<Connection>> connect) {
        this.connect = connect;
    }

    /** Makes the first connection. */
    void connect(Duration timeout) throws TimeoutException {
        Future<Connection> made = connect.get().toCompletableFuture();
        try {
            connection = made.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RedisException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("Interrupted while Redis was connected", e);
        }
    }

    /**
     * Returns the connection, which may be broken at the moment.
     *
     * @throws RedisException if there was never one
     */
    Connection connection() {
        Connection current = connection;
        if (current == null) {
            throw new RedisException("Redis was never connected");
        }
        return current;
    }

    /** Reports whether a command can be sent now; of a Cluster, that is not known before its node is. */
    boolean isOpen() {
        return connection().stateful().isOpen();
    }

    /** Puts a new connection in the place of this one as soon as there is one. */
    void replace() {
        if (closed || !replacing.compareAndSet(false, true)) {
            return;
        }
        CompletionStage<Connection> unused = connect.get().whenComplete((fresh, failure) -> {
            Connection old = connection;
            if (fresh != null) {
                connection = fresh;
                close(closed ? fresh : old);
            }
            replacing.set(false);
        });
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            Future<?> unused = connection.stateful().closeAsync();
        }
    }

    /** Makes no further connection. The client closes the last one. */
    void stop() {
        closed = true;
    }
}
