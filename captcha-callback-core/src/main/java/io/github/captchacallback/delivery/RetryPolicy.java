package io.github.captchacallback.delivery;

import io.github.captchacallback.settings.DeliverySettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Decides whether and when a failed attempt is repeated. A solution is worth something for about two minutes, so the first
 * repeats come soon.
 *
 * @param settings the bounds
 * @param random numbers from 0 to 1, by which repeats of callbacks that failed together are spread
 */
record RetryPolicy(DeliverySettings settings, DoubleSupplier random) {

    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30));

    /** The most by which a delay is longer than it says. */
    private static final double JITTER = 0.25;

    /** Reports whether an attempt may begin. One that follows on a crash was counted before anybody could judge it. */
    boolean allows(int number) {
        return number <= settings.attempts();
    }

    /**
     * Returns how long after a failed attempt the next one begins; empty if there is none.
     *
     * @param number the number of the attempt that failed
     * @param age how old the answer is
     */
    Optional<Duration> after(int number, Duration age) {
        if (number >= settings.attempts()) {
            return Optional.empty();
        }
        long least = DELAYS.get(Math.min(number, DELAYS.size()) - 1).toMillis();
        Duration delay = Duration.ofMillis(least + Math.round(least * JITTER * random.getAsDouble()));
        return age.plus(delay).compareTo(settings.within()) <= 0 ? Optional.of(delay) : Optional.empty();
    }

    /** Returns why a failed attempt is not repeated. */
    String bound(int number) {
        return number >= settings.attempts()
                ? "no attempt is left of delivery.attempts = " + settings.attempts()
                : "delivery.within = " + settings.within().toSeconds() + " s is over";
    }
}
