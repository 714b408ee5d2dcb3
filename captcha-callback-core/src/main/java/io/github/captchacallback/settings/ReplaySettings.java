package io.github.captchacallback.settings;

import java.time.Duration;

/**
 * Decides how repeated callbacks are answered.
 *
 * @param enabled whether a callback is accepted only once
 * @param duplicates how a repeat is answered
 * @param lease how long the application may take
 */
public record ReplaySettings(boolean enabled, Duplicates duplicates, Duration lease) {

    /** Names the answer to a repeat. */
    public enum Duplicates {
        /** 409, whatever it carries. */
        CONFLICT,
        /** 200 if it is the same to the letter; it is not handed on again. */
        OK
    }

    static final SettingGroup<ReplaySettings> GROUP = new SettingGroup<>(CallbackSettings::replay);

    static final Setting<Boolean> ENABLED = GROUP.declare(
            "replay.enabled", SettingType.BOOLEAN, "true", "Accepts each callback once.", ReplaySettings::enabled);

    static final Setting<Duplicates> DUPLICATES = GROUP.declare(
            "replay.duplicates",
            SettingType.choice(Duplicates.values()),
            "conflict",
            "How a repeat of an accepted callback is answered: with 409, or with 200 if it is the same to the letter.",
            ReplaySettings::duplicates);

    static final Setting<Duration> LEASE = GROUP.declare(
            "replay.lease",
            DurationType.from(Duration.ofMillis(1)),
            "30s",
            "How long an application may take over a callback before another attempt gets through.",
            ReplaySettings::lease);

    static ReplaySettings read(SettingsReader settings) {
        return new ReplaySettings(settings.get(ENABLED), settings.get(DUPLICATES), settings.get(LEASE));
    }
}
