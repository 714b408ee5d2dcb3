package io.github.captchacallback.store;

class CaffeineCallbackInboxTest extends CallbackInboxContract {

    @Override
    protected StoreFixture createFixture() {
        return new CaffeineFixture();
    }
}
