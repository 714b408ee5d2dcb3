package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.StoreFixture;

class RedisInboxIT extends CallbackInboxContract {

    @Override
    protected StoreFixture createFixture() {
        return RedisFixture.of(RedisServer.shared());
    }
}
