package io.github.captchacallback.samples.boot.nodes;

import io.github.captchacallback.store.redis.RedisServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Runs three nodes over one Redis that writes each step to its file before it answers. */
class RedisNodesIT extends NodesContract {

    private static RedisServer redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterAll
    static void endRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @Override
    List<String> store() {
        return List.of("captcha.callback.store.type=redis", "spring.data.redis.url=redis://127.0.0.1:" + redis.port());
    }

    @Override
    void restartStore() throws IOException {
        redis.kill();
        redis.launch();
    }
}
