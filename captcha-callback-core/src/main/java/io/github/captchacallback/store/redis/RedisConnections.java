package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStoreException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts over two connections. A step whose outcome is unclear is repeated once on the other connection; every script
 * recognizes what it has done. No caller waits longer than the timeout. Safe for use by several threads.
 *
 * <p>What Lettuce does by default is meant for caches: it waits for 60 s, and queues and repeats commands while it is
 * disconnected. A repeated claim would be a claim that nobody waits for.
 */
final class RedisConnections implements AutoCloseable {

    /** A step to run. */
    record Call(Script script, List<byte[]> keys, List<byte[]> arguments) {

        static Call of(Script script, byte[][] keys, byte[]... arguments) {
            return new Call(script, List.of(keys), List.of(arguments));
        }

        private byte[][] keyArray() {
            return keys.toArray(byte[][]::new);
        }

        private byte[][] argumentArray() {
            return arguments.toArray(byte[][]::new);
        }
    }

    /** More commands than this do not wait for their replies on one connection. */
    private static final int QUEUE = 4096;

    private static final Duration RECONNECT_AT_LEAST = Duration.ofMillis(5);
    private static final Duration RECONNECT_AT_MOST = Duration.ofMillis(500);

    /** A connection that has just broken gets this time to be made anew before the second attempt. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Duration STEP = Duration.ofMillis(5);

    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger("io.github.captchacallback");

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Duration timeout;
    private final String servers;
    private final String rights;
    private final Link first;
    private final Link second;

    private RedisConnections(
            List<RedisURI> servers, boolean cluster, Duration timeout, @Nullable SslOptions ssl, String rights) {
        this.timeout = timeout;
        this.servers = names(servers);
        this.rights = rights;
        this.resources = ClientResources.builder()
                .reconnectDelay(Delay.fullJitter(RECONNECT_AT_LEAST, RECONNECT_AT_MOST, 10, TimeUnit.MILLISECONDS))
                .build();
        List<RedisURI> bounded = servers.stream().map(this::bounded).toList();
        Supplier<CompletionStage<Link.Connection>> connect;
        if (cluster) {
            RedisClusterClient clusterClient = RedisClusterClient.create(resources, bounded);
            clusterClient.setOptions(clusterOptions(timeout, ssl));
            connect = () -> clusterClient
                    .connectAsync(ByteArrayCodec.INSTANCE)
                    .thenCompose(RedisConnections::connectPrimaries)
                    .thenApply(connection -> new Link.Connection(connection, connection.async()));
            client = clusterClient;
        } else {
            RedisClient plainClient = RedisClient.create(resources);
            ClientOptions.Builder options = ClientOptions.builder();
            harden(options, timeout, ssl);
            plainClient.setOptions(options.build());
            connect = () -> plainClient
                    .connectAsync(ByteArrayCodec.INSTANCE, bounded.get(0))
                    .thenApply(connection -> new Link.Connection(connection, connection.async()));
            client = plainClient;
        }
        first = new Link(connect);
        second = new Link(connect);
    }

    /** Lettuce connects a node of a Cluster by its first command, and rejects that command. */
    private static CompletionStage<StatefulRedisClusterConnection<byte[], byte[]>> connectPrimaries(
            StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        CompletableFuture<?>[] primaries = Link.primaries(cluster)
                .map(node -> cluster.getConnectionAsync(
                        node.getUri().getHost(), node.getUri().getPort()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(primaries).thenApply(all -> cluster);
    }

    /**
     * Connects to a Redis.
     *
     * @param rights what the user must be allowed, for the message if it is not
     * @throws CallbackStoreException if it is unavailable
     */
    static RedisConnections open(
            List<RedisURI> servers, boolean cluster, Duration timeout, @Nullable SslOptions ssl, String rights) {
        RedisConnections connections = new RedisConnections(servers, cluster, timeout, ssl, rights);
        try {
            connections.connect();
            return connections;
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
    }

    private void connect() {
        try {
            if (client instanceof RedisClusterClient clusterClient) {
                clusterClient.getPartitions();
            }
            first.connect(timeout);
            second.connect(timeout);
        } catch (RedisException | TimeoutException e) {
            throw new CallbackStoreException(
                    "Redis at " + servers + " could not be reached: " + reasonOf(e) + ". Check that it runs, and "
                            + "correct its address, user, password and TLS in the settings",
                    e);
        }
    }

    /** Copies an address: its timeout bounds how long a new connection may take to log in. */
    private RedisURI bounded(RedisURI server) {
        RedisURI bounded = new RedisURI();
        bounded.setTimeout(timeout);
        if (server.getHost() != null) {
            bounded.setHost(server.getHost());
        }
        if (server.getSocket() != null) {
            bounded.setSocket(server.getSocket());
        }
        if (server.getSentinelMasterId() != null) {
            bounded.setSentinelMasterId(server.getSentinelMasterId());
        }
        if (server.getClientName() != null) {
            bounded.setClientName(server.getClientName());
        }
        bounded.setPort(server.getPort());
        bounded.setDatabase(server.getDatabase());
        bounded.applySsl(server);
        bounded.applyAuthentication(server);
        server.getSentinels().forEach(sentinel -> bounded.getSentinels().add(bounded(sentinel)));
        return bounded;
    }

    private static String names(List<RedisURI> servers) {
        List<String> names = new ArrayList<>();
        for (RedisURI server : servers) {
            if (server.getSentinels().isEmpty()) {
                names.add(server.getHost() + ":" + server.getPort());
            }
            server.getSentinels().forEach(sentinel -> names.add(sentinel.getHost() + ":" + sentinel.getPort()));
        }
        return String.join(", ", names);
    }

    private static void harden(ClientOptions.Builder options, Duration timeout, @Nullable SslOptions ssl) {
        options.timeoutOptions(TimeoutOptions.enabled(timeout))
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE)
                // It needs fewer rights than the newer one, and servers of all versions understand it.
                .protocolVersion(ProtocolVersion.RESP2)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(SocketOptions.KeepAliveOptions.builder()
                                .enable()
                                .idle(Duration.ofSeconds(30))
                                .interval(Duration.ofSeconds(10))
                                .count(3)
                                .build())
                        .build());
        // Commands whose replies were lost with their connection fail, and are not sent again behind their callers'
        // backs.
        options.replayFilter(command -> true);
        if (ssl != null) {
            options.sslOptions(ssl);
        }
    }

    /** Lettuce 7 turns on the triggers by default, and has deprecated their switch; Lettuce 6 does not. */
    @SuppressWarnings("deprecation")
    static ClusterClientOptions clusterOptions(Duration timeout, @Nullable SslOptions ssl) {
        ClusterClientOptions.Builder options = ClusterClientOptions.builder();
        harden(options, timeout, ssl);
        return options.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enableAdaptiveRefreshTrigger(ClusterTopologyRefreshOptions.RefreshTrigger.values())
                        .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                        .enablePeriodicRefresh(Duration.ofSeconds(30))
                        .build())
                .build();
    }

    /** Runs a script, and returns its reply. */
    List<Object> run(Script script, byte[][] keys, byte[]... arguments) {
        return runAll(List.of(Call.of(script, keys, arguments))).get(0);
    }

    /** Runs scripts at once, and returns their replies in the order of the calls. */
    List<List<Object>> runAll(List<Call> calls) {
        return attempt((connection, deadline) -> runAll(connection.commands(), calls, deadline));
    }

    private static List<List<Object>> runAll(
            RedisClusterAsyncCommands<byte[], byte[]> commands, List<Call> calls, long deadline)
            throws TimeoutException {
        List<RedisFuture<List<Object>>> replies = new ArrayList<>();
        for (Call call : calls) {
            replies.add(commands.evalsha(
                    call.script().sha(), ScriptOutputType.MULTI, call.keyArray(), call.argumentArray()));
        }
        List<List<Object>> results = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            results.add(reply(commands, calls.get(i), replies.get(i), deadline));
        }
        return results;
    }

    /** Waits for a reply. A server that has been started or promoted since does not have the script, and is given its text. */
    private static List<Object> reply(
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            Call call,
            RedisFuture<List<Object>> reply,
            long deadline)
            throws TimeoutException {
        try {
            return await(reply, deadline);
        } catch (RedisNoScriptException e) {
            RedisFuture<List<Object>> evaluated =
                    commands.eval(call.script().text(), ScriptOutputType.MULTI, call.keyArray(), call.argumentArray());
            return await(evaluated, deadline);
        }
    }

    /**
     * Returns a section of what the server says of itself; on a Cluster, that of each primary. Some do not say it: the text is
     * empty then.
     */
    List<String> info(String section) {
        return attempt((connection, deadline) -> {
            List<String> texts = new ArrayList<>();
            for (CompletionStage<String> text : connection.info(section)) {
                texts.add(said(text.toCompletableFuture(), deadline));
            }
            return texts;
        });
    }

    private static String said(Future<String> text, long deadline) throws TimeoutException {
        try {
            return await(text, deadline);
        } catch (RedisCommandExecutionException e) {
            if (RedisFailure.of(e).isPassing()) {
                throw e;
            }
            LOG.debug("INFO was refused", e);
            return "";
        }
    }

    /** Something that is asked of Redis, until a moment by {@link System#nanoTime()}. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Link.Connection connection, long deadline) throws TimeoutException;
    }

    private <T> T attempt(Question<T> question) {
        long start = System.nanoTime();
        // One that is being connected at the moment gets a little time for that.
        boolean ready = first.isOpen();
        Link begin = ready ? first : second;
        Link other = ready ? second : first;
        try {
            return question.ask(begin.connection(), start + timeout.toNanos() / 2);
        } catch (RedisCommandExecutionException e) {
            RedisFailure failure = RedisFailure.of(e);
            if (!failure.isPassing()) {
                throw failure.asException(servers, rights, e);
            }
            if (failure == RedisFailure.NOT_PRIMARY) {
                begin.replace();
            }
            awaitOpen(other);
        } catch (RedisException e) {
            awaitOpen(other);
        } catch (TimeoutException e) {
            begin.replace();
        }
        try {
            return question.ask(other.connection(), start + timeout.toNanos());
        } catch (RedisCommandExecutionException e) {
            RedisFailure failure = RedisFailure.of(e);
            if (failure == RedisFailure.NOT_PRIMARY) {
                other.replace();
            }
            throw failure.asException(servers, rights, e);
        } catch (RedisException e) {
            throw new CallbackStoreException("Redis at " + servers + " is unavailable: " + reasonOf(e), e);
        } catch (TimeoutException e) {
            other.replace();
            throw new CallbackStoreException(
                    "Redis at " + servers + " did not answer within store.timeout, " + timeout.toMillis() + " ms", e);
        }
    }

    /** Waits for a reply, no longer than until the deadline, whatever Lettuce waits for. */
    private static <T> T await(Future<T> reply, long deadline) throws TimeoutException {
        try {
            return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisCommandTimeoutException timedOut) {
                throw timeout(timedOut);
            }
            throw e.getCause() instanceof RedisException failure ? failure : new RedisException(e.getCause());
        } catch (CancellationException e) {
            throw new RedisException("The connection was closed before the reply came", e);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallbackStoreException("Interrupted while Redis was asked", e);
        }
    }

    private static TimeoutException timeout(RedisCommandTimeoutException cause) {
        TimeoutException timeout = new TimeoutException(cause.getMessage());
        timeout.initCause(cause);
        return timeout;
    }

    private void awaitOpen(Link link) {
        long most = Math.min(PATIENCE.toNanos(), timeout.toNanos() / 4);
        long start = System.nanoTime();
        try {
            do {
                Thread.sleep(STEP.toMillis());
            } while (!link.isOpen() && System.nanoTime() - start < most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallbackStoreException("Interrupted while Redis was asked", e);
        }
    }

    private static String reasonOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** Closes the connections. Nobody waits for what is under way. */
    @Override
    public void close() {
        first.stop();
        second.stop();
        client.shutdown(0, CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        Future<?> closed = resources.shutdown(0, CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        try {
            closed.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The threads of the Redis client did not end in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the addresses of the servers. */
    @Override
    public String toString() {
        return servers;
    }
}
