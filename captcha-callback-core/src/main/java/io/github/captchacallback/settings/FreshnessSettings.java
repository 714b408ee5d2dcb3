package io.github.captchacallback.settings;

import java.time.Duration;

/**
 * Decides how old a callback URL may be.
 *
 * @param enabled whether a callback carries a signed time
 * @param ttl the age at which it expires, in whole seconds
 * @param clockSkew how far the clocks of several nodes may differ, in whole seconds
 */
public record FreshnessSettings(boolean enabled, Duration ttl, Duration clockSkew) {

    static final SettingGroup<FreshnessSettings> GROUP = new SettingGroup<>(CallbackSettings::freshness);

    static final Setting<Boolean> ENABLED = GROUP.declare(
            "freshness.enabled",
            SettingType.BOOLEAN,
            "true",
            "Signs a timestamp with the task id. Only the `task-id` scheme can do without, and only with"
                    + " `pending.enabled`.",
            FreshnessSettings::enabled);

    static final Setting<Duration> TTL = GROUP.declare(
            "freshness.ttl",
            DurationType.wholeSecondsFrom(Duration.ofSeconds(1)),
            "600s",
            "How old a callback URL may be. Whole seconds.",
            FreshnessSettings::ttl);

    static final Setting<Duration> CLOCK_SKEW = GROUP.declare(
            "freshness.clock-skew",
            DurationType.wholeSecondsFrom(Duration.ZERO),
            "5s",
            "How far the clocks of the nodes that issue and verify may differ. Whole seconds.",
            FreshnessSettings::clockSkew);

    static FreshnessSettings read(SettingsReader settings) {
        return new FreshnessSettings(settings.get(ENABLED), settings.get(TTL), settings.get(CLOCK_SKEW));
    }
}
