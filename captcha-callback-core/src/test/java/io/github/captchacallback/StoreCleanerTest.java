package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CleanableStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreCleanerTest {

    private static final Duration INTERVAL = Duration.ofSeconds(60);

    private final List<Thread> before = threads();
    private final LaterByHand later = new LaterByHand(new MutableClock(Wire.NOW));
    private final Deque<CleanableStore.Cleaning> cleanings = new ArrayDeque<>();

    /** Makes a store of which only cleaning is used. */
    private static CleanableStore store(Duration interval, Function<Duration, CleanableStore.Cleaning> clean) {
        return (CleanableStore) Proxy.newProxyInstance(
                StoreCleanerTest.class.getClassLoader(),
                new Class<?>[] {CleanableStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "cleaningInterval" -> interval;
                    case "clean" -> clean.apply((Duration) arguments[0]);
                    case "close" -> null;
                    case "toString" -> "a store to clean";
                    default -> throw new AssertionError(method);
                });
    }

    private CleanableStore.Cleaning clean(Duration budget) {
        assertThat(budget).isEqualTo(StoreCleaner.BUDGET);
        CleanableStore.Cleaning next = cleanings.poll();
        if (next == null) {
            throw new CallbackStoreException("The store is unavailable");
        }
        return next;
    }

    private void start(double random) {
        new StoreCleaner(store(INTERVAL, this::clean), later, () -> random).start();
    }

    @ParameterizedTest
    @CsvSource({"0.0, 45", "0.5, 60", "1.0, 75"})
    void startThenFirstCleaningIsAboutAnIntervalLater(double random, long seconds) {
        start(random);
        assertThat(later.delays()).containsExactly(Duration.ofSeconds(seconds));
    }

    @Test
    void cleanWhenThereIsMoreThenGoesOnSoon() {
        cleanings.addAll(List.of(new CleanableStore.Cleaning(1_000, true), new CleanableStore.Cleaning(3, false)));
        start(0.5);
        later.runNext();
        assertThat(later.delays()).containsExactly(StoreCleaner.PAUSE);
        later.runNext();
        assertThat(later.delays()).containsExactly(INTERVAL);
    }

    @Test
    void cleanWhenItFailsThenTriedAgainAtTheNextTime() {
        start(0.5);
        for (int i = 0; i < 2 * StoreCleaner.FAILURES_BEFORE_WARNING; i++) {
            later.runNext();
            assertThat(later.delays()).containsExactly(INTERVAL);
        }
    }

    @Test
    void buildWhenStoreIsToBeCleanedThenCleanedUntilClosed() throws InterruptedException {
        List<Thread> started;
        CountDownLatch cleaned = new CountDownLatch(2);
        CleanableStore store = store(Duration.ofMillis(4), budget -> {
            cleaned.countDown();
            return new CleanableStore.Cleaning(0, false);
        });
        try (CaptchaCallbacks callbacks =
                Wire.builder(new MutableClock(Wire.NOW)).store(store).build()) {
            assertThat(callbacks.settings().store().type()).isEqualTo("caffeine");
            assertThat(cleaned.await(10, TimeUnit.SECONDS)).isTrue();
            started = newThreads();
            assertThat(started).hasSize(1).allMatch(Thread::isDaemon);
        }
        for (Thread thread : started) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void buildWhenStoreNeedsNoCleaningThenNoThreadIsStarted() {
        try (CaptchaCallbacks callbacks =
                Wire.builder(new MutableClock(Wire.NOW)).build()) {
            callbacks.verify(Wire.callback(callbacks.issue().url()));
            assertThat(newThreads()).isEmpty();
        }
    }

    /** Returns the threads that were not there when the test began: other tests may not have closed what they built. */
    private List<Thread> newThreads() {
        return threads().stream().filter(thread -> !before.contains(thread)).toList();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("captcha-callback-store"))
                .toList();
    }
}
