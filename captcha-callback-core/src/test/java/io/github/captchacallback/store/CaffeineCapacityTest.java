package io.github.captchacallback.store;

class CaffeineCapacityTest extends CapacityContract {

    @Override
    protected StoreFixture createFixture() {
        return new CaffeineFixture();
    }
}
