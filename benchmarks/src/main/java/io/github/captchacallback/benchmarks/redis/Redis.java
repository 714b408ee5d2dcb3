package io.github.captchacallback.benchmarks.redis;

import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.redis.RedisCallbackStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Starts the {@code redis-server} of this machine on a free port of the loopback interface. */
@State(Scope.Benchmark)
public class Redis {

    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration KEEP = Duration.ofSeconds(10);
    private static final long TIMEOUT_MILLIS = 2_000;
    private static final String SET = "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return {1, 0}";
    /** As long as what the store writes. */
    private static final byte[] VALUE = ascii("1|C|1234567890123|1764041000000|1764041300000|11|44|" + "70123456789"
            + "0123456789012345678901234567890123456789abcd");

    private static final byte[] MILLIS = ascii("40000");
    private static final String FINGERPRINT = "0123456789012345678901234567890123456789abcd";

    private final AtomicLong numbers = new AtomicLong();
    private final Process server;
    private final RedisClient client;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final RedisCallbackStore store;
    private final String sha;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public Redis() {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            server = new ProcessBuilder("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (!accepts(port)) {
                Thread.onSpinWait();
            }
            RedisURI uri = RedisURI.create("127.0.0.1", port);
            client = RedisClient.create(uri);
            commands = client.connect(ByteArrayCodec.INSTANCE).async();
            sha = client.connect().sync().scriptLoad(SET);
            store = RedisCallbackStore.builder(List.of(uri)).open();
        } catch (IOException e) {
            throw new UncheckedIOException("Install a redis-server for this benchmark", e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @TearDown(Level.Trial)
    public void stop() {
        store.close();
        client.shutdown();
        server.destroyForcibly();
    }

    private String nextKey() {
        return "reference-%012d".formatted(numbers.incrementAndGet());
    }

    private ClaimRequest request(String key) {
        return new ClaimRequest(key, "70123456789", FINGERPRINT, numbers.get(), LEASE, KEEP);
    }

    Object setByScript() throws Exception {
        byte[][] keys = {ascii("captcha-callback:{10}:" + nextKey())};
        return commands.evalsha(sha, ScriptOutputType.MULTI, keys, VALUE, MILLIS)
                .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    ClaimOutcome claim() {
        return store.claimUnseen(request(nextKey()));
    }

    boolean wholeCallback() {
        String key = nextKey();
        store.expect(key, null, KEEP);
        store.bind(key, "70123456789");
        ClaimRequest request = request(key);
        store.claim(request);
        return store.settle(key, request.lease());
    }
}
