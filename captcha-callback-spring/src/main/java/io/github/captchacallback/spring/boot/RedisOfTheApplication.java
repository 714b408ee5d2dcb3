package io.github.captchacallback.spring.boot;

import io.github.captchacallback.store.redis.RedisCallbackStore;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Reads from a connection factory where the application's Redis is. The details that Boot itself has for that are named
 * differently in Boot 3 and 4; the factory is the same.
 */
final class RedisOfTheApplication {

    private final LettuceConnectionFactory connections;
    private final LettuceClientConfiguration client;

    RedisOfTheApplication(LettuceConnectionFactory connections) {
        this.connections = connections;
        this.client = connections.getClientConfiguration();
    }

    /** Returns the builder of a store there. */
    RedisCallbackStore.Builder store() {
        RedisCallbackStore.Builder store = RedisCallbackStore.builder(servers()).cluster(connections.isClusterAware());
        client.getClientOptions().ifPresent(options -> store.sslOptions(options.getSslOptions()));
        return store;
    }

    private List<RedisURI> servers() {
        RedisClusterConfiguration cluster = connections.getClusterConfiguration();
        if (cluster != null) {
            return StreamSupport.stream(cluster.getClusterNodes().spliterator(), false)
                    .map(node -> at(node, cluster))
                    .toList();
        }
        RedisSentinelConfiguration sentinel = connections.getSentinelConfiguration();
        if (sentinel != null) {
            return List.of(sentinel(sentinel));
        }
        RedisStandaloneConfiguration standalone = connections.getStandaloneConfiguration();
        RedisURI server = at(new RedisNode(standalone.getHostName(), standalone.getPort()), standalone);
        server.setDatabase(standalone.getDatabase());
        return List.of(server);
    }

    private RedisURI sentinel(RedisSentinelConfiguration sentinel) {
        RedisURI uri = new RedisURI();
        uri.setSentinelMasterId(String.valueOf(sentinel.getMaster().getName()));
        uri.setDatabase(sentinel.getDatabase());
        for (RedisNode node : sentinel.getSentinels()) {
            RedisURI watcher = RedisURI.create(String.valueOf(node.getHost()), port(node));
            secure(watcher);
            authenticate(watcher, sentinel.getSentinelUsername(), sentinel.getSentinelPassword());
            uri.getSentinels().add(watcher);
        }
        logIn(uri, sentinel);
        return uri;
    }

    private <C extends RedisConfiguration & RedisConfiguration.WithAuthentication> RedisURI at(
            RedisNode node, C account) {
        RedisURI uri = RedisURI.create(String.valueOf(node.getHost()), port(node));
        logIn(uri, account);
        return uri;
    }

    private static int port(RedisNode node) {
        Integer port = node.getPort();
        return port == null ? RedisURI.DEFAULT_REDIS_PORT : port;
    }

    private <C extends RedisConfiguration & RedisConfiguration.WithAuthentication> void logIn(RedisURI uri, C account) {
        secure(uri);
        client.getClientName().ifPresent(uri::setClientName);
        authenticate(uri, account.getUsername(), account.getPassword());
        client.getRedisCredentialsProviderFactory()
                .ifPresent(factory -> uri.setCredentialsProvider(factory.createCredentialsProvider(account)));
    }

    private static void authenticate(RedisURI uri, @Nullable String user, RedisPassword password) {
        String name = user == null || user.isEmpty() ? null : user;
        password.toOptional()
                .ifPresent(secret -> uri.setCredentialsProvider(
                        RedisCredentialsProvider.from(() -> RedisCredentials.just(name, secret))));
    }

    private void secure(RedisURI uri) {
        uri.setSsl(client.isUseSsl());
        uri.setVerifyPeer(client.getVerifyMode());
        uri.setStartTls(client.isStartTls());
    }
}
