package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStoreContract;
import io.github.captchacallback.store.StoreFixture;

class Redis62StoreIT extends CallbackStoreContract {

    @Override
    protected StoreFixture createFixture() {
        return RedisFixture.of(RedisServer.sharedEmbedded());
    }
}
