package io.github.captchacallback.store;

class SharedMapStoreTest extends CallbackStoreContract {

    @Override
    protected StoreFixture createFixture() {
        return new SharedMapFixture();
    }
}
