package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.StoreFixture;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Runs a contract as a user that has only the rights that the documentation gives. */
class RedisAclIT extends CallbackInboxContract {

    @BeforeAll
    static void addUser() {
        RedisStartIT.setRights(RedisServer.shared(), RedisStartIT.rights() + " resetkeys ~test-*");
    }

    @AfterAll
    static void removeUser() {
        RedisServer.shared().ask(redis -> redis.aclDeluser("captcha-callback"));
    }

    @Override
    protected StoreFixture createFixture() {
        return new RedisFixture(List.of(RedisStartIT.uriOfUser(RedisServer.shared())), builder -> builder);
    }
}
