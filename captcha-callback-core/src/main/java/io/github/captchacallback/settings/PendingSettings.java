package io.github.captchacallback.settings;

import java.time.Duration;

/**
 * Decides whether only expected callbacks are accepted.
 *
 * @param enabled whether they are
 * @param giveUpAfter how long an expected callback is remembered; at least {@code freshness.ttl}
 */
public record PendingSettings(boolean enabled, Duration giveUpAfter) {

    static final SettingGroup<PendingSettings> GROUP = new SettingGroup<>(CallbackSettings::pending);

    static final Setting<Boolean> ENABLED = GROUP.declare(
            "pending.enabled",
            SettingType.BOOLEAN,
            "true",
            "Accepts only callbacks that this application, or one that shares its store, expects.",
            PendingSettings::enabled);

    static final Setting<Duration> GIVE_UP_AFTER = GROUP.declare(
            "pending.give-up-after",
            DurationType.from(Duration.ofMillis(1)),
            "",
            "How long an expected callback is remembered: `freshness.ttl` unless given, and not less.",
            PendingSettings::giveUpAfter);

    static PendingSettings read(SettingsReader settings, Duration ttl) {
        return new PendingSettings(settings.get(ENABLED), giveUpAfter(settings, ttl));
    }

    private static Duration giveUpAfter(SettingsReader settings, Duration ttl) {
        Duration giveUpAfter = settings.find(GIVE_UP_AFTER).orElse(ttl);
        if (giveUpAfter.compareTo(ttl) < 0) {
            throw GIVE_UP_AFTER.refused(
                    settings.text(GIVE_UP_AFTER).map(SettingText::text).orElse(null),
                    "it is less than 'freshness.ttl', so a callback whose URL is still valid would be refused as unknown",
                    "Write at least " + ttl.toSeconds() + "s, or make freshness.ttl smaller");
        }
        return giveUpAfter;
    }
}
