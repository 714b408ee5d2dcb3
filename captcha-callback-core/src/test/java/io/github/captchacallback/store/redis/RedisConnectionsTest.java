package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pins what Lettuce does by default, and must not do here. Both kinds of clients are set up by the same method. */
class RedisConnectionsTest {

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    private final ClusterClientOptions options = RedisConnections.clusterOptions(TIMEOUT, null);
    private final RedisCommand<String, String, String> command =
            new Command<>(CommandType.EVALSHA, new StatusOutput<>(StringCodec.UTF8));

    @Test
    void optionsThenCommandsAreNeitherKeptNorSentAgainWithoutAConnection() {
        assertThat(options.getDisconnectedBehavior()).isEqualTo(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
        assertThat(options.getReplayFilter().test(command))
                .as("left out of replay")
                .isTrue();
        assertThat(options.getRequestQueueSize()).isLessThan(10_000);
        assertThat(options.isAutoReconnect()).isTrue();
    }

    @Test
    void optionsThenNothingWaitsLongerThanTheTimeout() {
        TimeoutOptions timeouts = options.getTimeoutOptions();
        assertThat(timeouts.isTimeoutCommands()).isTrue();
        assertThat(TimeUnit.NANOSECONDS.toMillis(timeouts.getSource()
                        .getTimeUnit()
                        .toNanos(timeouts.getSource().getTimeout(command))))
                .isEqualTo(TIMEOUT.toMillis());
        assertThat(options.getSocketOptions().getConnectTimeout()).isEqualTo(TIMEOUT);
        assertThat(options.getSocketOptions().isKeepAlive()).isTrue();
        assertThat(options.getConfiguredProtocolVersion()).isEqualTo(ProtocolVersion.RESP2);
    }

    @Test
    void optionsThenTopologyOfAClusterIsRefreshed() {
        assertThat(options.getTopologyRefreshOptions().isPeriodicRefreshEnabled())
                .isTrue();
        assertThat(options.getTopologyRefreshOptions().getAdaptiveRefreshTriggers())
                .isNotEmpty();
    }
}
