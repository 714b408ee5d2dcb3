package io.github.captchacallback.settings;

/**
 * Decides whether only expected callbacks are accepted.
 *
 * @param enabled whether they are
 */
public record PendingSettings(boolean enabled) {

    static final SettingGroup<PendingSettings> GROUP = new SettingGroup<>(CallbackSettings::pending);

    static final Setting<Boolean> ENABLED = GROUP.declare(
            "pending.enabled",
            SettingType.BOOLEAN,
            "true",
            "Accepts only callbacks that this application, or one that shares its store, expects.",
            PendingSettings::enabled);

    static PendingSettings read(SettingsReader settings) {
        return new PendingSettings(settings.get(ENABLED));
    }
}
