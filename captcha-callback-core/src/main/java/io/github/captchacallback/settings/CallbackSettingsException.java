package io.github.captchacallback.settings;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports a setting that stops the start. Its message names the key, the value unless that is a secret, and what to
 * write instead.
 */
public final class CallbackSettingsException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable String key;
    private final String problem;
    private final String action;

    /**
     * Describes what is wrong with a setting.
     *
     * @param key the key without {@link CallbackSettings#PREFIX}
     * @param value the value; null if there is none, or it is a secret
     * @param problem what is wrong with it, without a full stop
     * @param action what to write instead, without a full stop
     */
    public CallbackSettingsException(String key, @Nullable String value, String problem, String action) {
        this(key, CallbackSettings.PREFIX + key + (value == null ? ": " : " = '" + value + "': ") + problem, action);
    }

    private CallbackSettingsException(@Nullable String key, String problem, String action) {
        super(problem + ". " + action + ".");
        this.key = key;
        this.problem = problem;
        this.action = action;
    }

    /** Describes what is wrong at a place that is no setting. */
    static CallbackSettingsException at(String place, String problem, String action) {
        return new CallbackSettingsException(null, place + ": " + problem, action);
    }

    /** Returns the same exception with the place of the setting before the problem, if the values have it. */
    CallbackSettingsException located(SettingValues values) {
        return Optional.ofNullable(key)
                .flatMap(values::origin)
                .map(origin -> new CallbackSettingsException(key, origin + ": " + problem, action))
                .orElse(this);
    }

    /** Returns the key, its value if that may be shown, and what is wrong with it. */
    public String problem() {
        return problem;
    }

    /** Returns what to write instead. */
    public String action() {
        return action;
    }
}
