package io.github.captchacallback.docs;

import io.github.captchacallback.MutableClock;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackInboxContract;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.StoreFixture;
import java.time.Duration;
import java.time.Instant;

/** Runs a contract as the author of a store does: from another module and package, with the test-jar. */
class ContractElsewhereTest extends CallbackInboxContract {

    @Override
    protected StoreFixture createFixture() {
        MutableClock clock = new MutableClock(Instant.parse("2026-11-22T10:15:30Z"));
        return new StoreFixture() {

            @Override
            public CallbackStore open(long capacity) {
                return new CaffeineCallbackStore(clock, capacity);
            }

            @Override
            public void advance(Duration duration) {
                clock.advance(duration);
            }
        };
    }
}
