package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.captchacallback.FreePort;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.StoreContext;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what a store finds out before it is used. */
class RedisStartIT {

    private static final String PASSWORD = "pass-word-of-the-user";

    private static RedisCallbackStore.Builder builder(RedisURI uri) {
        return RedisCallbackStore.builder(List.of(uri)).timeout(Duration.ofSeconds(1));
    }

    static void setRights(RedisServer server, String rules) {
        CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8).add("SETUSER");
        for (String rule : rules.split(" ", -1)) {
            arguments.add(rule);
        }
        server.ask(redis -> redis.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments));
    }

    static RedisURI uriOfUser(RedisServer server) {
        return RedisURI.Builder.redis("127.0.0.1", server.port())
                .withAuthentication("captcha-callback", PASSWORD)
                .build();
    }

    @Test
    void openWhenServerIsUnreachableThenSaysWhereAndWhatToDo() throws IOException {
        int port = FreePort.find();
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> builder(RedisServer.uri(port)).open())
                .withMessageContaining("Redis at 127.0.0.1:" + port + " could not be reached: ")
                .withMessageContaining("Check that it runs");
    }

    @Test
    void openWhenPasswordIsWrongThenSaysWhatToCheckAndDoesNotShowIt() throws IOException {
        RedisServer server = RedisServer.shared();
        assertThatExceptionOfType(CallbackStoreException.class)
                .isThrownBy(() -> builder(uriOfUser(server)).open())
                .withMessageContaining("could not be reached")
                .withMessageContaining("correct its address, user, password and TLS")
                .withMessageNotContaining(PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openWhenEvictingAndUnseenCallbacksAreClaimedThenRefused(boolean unseen) throws IOException {
        try (RedisServer server = RedisServer.start("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru")) {
            RedisCallbackStore.Builder builder = builder(server.uri()).unseenAllowed(unseen);
            if (unseen) {
                assertThatIllegalArgumentException()
                        .isThrownBy(builder::open)
                        .withMessageContaining("maxmemory-policy is volatile-lru")
                        .withMessageContaining("Set maxmemory-policy to noeviction, or pending.enabled to true");
            } else {
                try (RedisCallbackStore store = builder.open()) {
                    assertThat(store.warnings())
                            .containsExactly(
                                    "Redis may evict keys before their time: maxmemory-policy is volatile-lru. Set"
                                            + " maxmemory-policy to noeviction");
                    server.ask(redis -> redis.configSet("maxmemory-policy", "noeviction"));
                    assertThat(store.warnings()).isEmpty();
                }
            }
        }
    }

    @Test
    void timeThenIsThatOfTheServer() throws IOException {
        try (RedisServer server = RedisServer.start();
                RedisCallbackStore store = builder(server.uri())
                        .ahead(() -> Duration.ofMinutes(3).toMillis())
                        .open()) {
            assertThat(store.time().orElseThrow())
                    .isBetween(Instant.now().plusSeconds(170), Instant.now().plusSeconds(190));
        }
    }

    @Test
    void openWhenServerIsAReplicaThenSaysSo() throws IOException {
        RedisServer primary = RedisServer.shared();
        try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + primary.port())) {
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> builder(replica.uri()).open())
                    .withMessageContaining("replica");
        }
    }

    @Test
    void openWhenUserHasTheDocumentedRightsThenOpens() throws IOException {
        try (RedisServer server = RedisServer.start()) {
            setRights(server, rights());
            assertThatNoException()
                    .isThrownBy(() -> builder(uriOfUser(server)).open().close());
        }
    }

    static String rights() {
        return StartCheck.rights("captcha-callback:")
                .replace("ACL SETUSER ", "")
                .replace(">password", ">" + PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eval",
                "evalsha",
                "get",
                "set",
                "del",
                "time",
                "pexpire",
                "zadd",
                "zrem",
                "zcount",
                "zrangebyscore",
                "zremrangebyscore",
                "sadd",
                "smembers"
            })
    void openWhenOneRightIsMissingThenSaysWhichLineGivesIt(String command) throws IOException {
        RedisServer server = RedisServer.shared();
        setRights(server, rights().replace("captcha-callback on", "captcha-callback reset on") + " -" + command);
        try {
            assertThatExceptionOfType(CallbackStoreException.class)
                    .isThrownBy(() -> builder(uriOfUser(server)).open())
                    .withMessageContaining(StartCheck.rights("captcha-callback:"))
                    .withMessageNotContaining(PASSWORD);
        } finally {
            server.ask(redis -> redis.aclDeluser("captcha-callback"));
        }
    }

    @Test
    void openWhenInfoIsNotAllowedThenOpensAllTheSame() throws IOException {
        try (RedisServer server = RedisServer.start("--maxmemory-policy", "allkeys-lru")) {
            setRights(server, rights() + " -info");
            assertThatNoException()
                    .isThrownBy(() -> builder(uriOfUser(server))
                            .unseenAllowed(true)
                            .open()
                            .close());
        }
    }

    // ---- from settings

    private static StoreContext context(Map<String, String> settings) {
        return new StoreContext(1, Duration.ofSeconds(1), false, InstantSource.system(), settings);
    }

    @Test
    void openFromSettingsThenPrefixIsUsed() {
        RedisServer server = RedisServer.shared();
        StoreContext context = context(
                Map.of("redis.uri", "redis://127.0.0.1:" + server.port(), "redis.key-prefix", "settings-test:"));
        try (var store = new RedisStoreProvider().open(context)) {
            store.expect("reference", null, Duration.ofMinutes(1));
            assertThat(server.<List<String>>ask(redis -> redis.keys("settings-test:*")))
                    .singleElement()
                    .asString()
                    .endsWith("}:reference");
            assertThat(store.abandon("reference")).isTrue();
        }
    }

    @Test
    void openFromSettingsWhenUriIsMissingOrWrongThenSaysSoAndShowsNoPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisStoreProvider().open(context(Map.of())))
                .withMessageContaining("store.redis.uri is not set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisStoreProvider()
                        .open(context(Map.of("redis.uri", "redis://user:pass%word@localhost:6379"))))
                .withMessageContaining("store.redis.uri")
                .withMessageNotContaining("pass%word")
                .withNoCause();
    }
}
