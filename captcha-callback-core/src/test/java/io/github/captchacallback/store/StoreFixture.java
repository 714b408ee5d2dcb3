package io.github.captchacallback.store;

import java.time.Duration;
import java.util.Optional;

/**
 * Opens the store that the contracts test, and moves its time. Write one for your store; each contract's {@code createFixture}
 * returns a new one for every test.
 *
 * <p>There are two ways to move the time of a store that decides by its server's clock. The store can add an offset to the
 * server's time, which only its test sets. Or the fixture can move the entries instead: subtract the duration from every time
 * that is stored.
 */
public interface StoreFixture extends AutoCloseable {

    /**
     * Opens a store without any entry. It is called once.
     *
     * @param capacity the most entries that the store may hold at once, if that is exact for this store
     */
    CallbackStore open(long capacity);

    /**
     * Opens another store object on the same data, as a second node would. It is called after {@link #open}.
     *
     * @return empty if the data of this store belong to one object
     */
    default Optional<CallbackStore> openAnother() {
        return Optional.empty();
    }

    /**
     * Moves the time of all opened stores ahead.
     *
     * @param duration how far; positive
     */
    void advance(Duration duration);

    /**
     * Returns how exactly the tests look at the end of a time: they look this long before it, and then at it or after it. A
     * store whose clock does not run during a test is tested to the millisecond. For a store whose clock runs, return more than
     * any test takes, but less than 5 seconds.
     */
    default Duration margin() {
        return Duration.ofMillis(1);
    }

    /** Removes what the stores have written. The stores were closed before. */
    @Override
    default void close() {}
}
