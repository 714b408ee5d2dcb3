package io.github.captchacallback.settings;

import java.time.Duration;

/**
 * Decides how often a failing {@code CallbackHandler} is tried again, if the store keeps answers.
 *
 * @param attempts the most attempts to deliver an answer; at least 1
 * @param within how long after a callback arrived an attempt is repeated at the latest
 * @param keepDead how long an answer is kept whose delivery was given up
 */
public record DeliverySettings(int attempts, Duration within, Duration keepDead) {

    static final SettingGroup<DeliverySettings> GROUP = new SettingGroup<>(CallbackSettings::delivery);

    static final Setting<Long> ATTEMPTS = GROUP.declare(
            "delivery.attempts",
            SettingType.number(1, 1_000),
            "6",
            "How often a `CallbackHandler` is tried on one callback, before the answer becomes a dead letter.",
            settings -> (long) settings.attempts());

    static final Setting<Duration> WITHIN = GROUP.declare(
            "delivery.within",
            DurationType.from(Duration.ofMillis(1)),
            "600s",
            "How long after a callback arrived a failed attempt is repeated at the latest; the answer becomes a dead letter"
                    + " then.",
            DeliverySettings::within);

    static final Setting<Duration> KEEP_DEAD = GROUP.declare(
            "delivery.keep-dead",
            DurationType.from(Duration.ofMillis(1)),
            "7d",
            "How long a dead letter is kept for an operator to replay or discard it.",
            DeliverySettings::keepDead);

    static DeliverySettings read(SettingsReader settings) {
        return new DeliverySettings(settings.get(ATTEMPTS).intValue(), settings.get(WITHIN), settings.get(KEEP_DEAD));
    }

    /** Returns how long an answer is kept at least unless it is settled: while it is delivered, and as a dead letter. */
    public Duration keep() {
        return within.plus(keepDead);
    }
}
