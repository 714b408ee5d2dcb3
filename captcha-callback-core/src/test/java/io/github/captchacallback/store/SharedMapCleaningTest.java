package io.github.captchacallback.store;

class SharedMapCleaningTest extends CleaningContract {

    @Override
    protected StoreFixture createFixture() {
        return new SharedMapFixture();
    }
}
