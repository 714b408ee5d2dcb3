package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.StoreFixture;

class Redis62InboxIT extends CallbackInboxContract {

    @Override
    protected StoreFixture createFixture() {
        return RedisFixture.of(RedisServer.sharedEmbedded());
    }
}
