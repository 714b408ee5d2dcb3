package io.github.captchacallback.store;

class SharedMapInboxTest extends CallbackInboxContract {

    @Override
    protected StoreFixture createFixture() {
        return new SharedMapFixture();
    }
}
