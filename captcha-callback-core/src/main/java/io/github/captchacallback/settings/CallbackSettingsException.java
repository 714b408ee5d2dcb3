package io.github.captchacallback.settings;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is thrown where a setting stops the start. Its message names the key, the value unless that is a secret, and what to
 * write instead.
 */
public final class CallbackSettingsException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable String key;
    private final String problem;
    private final String mend;

    /**
     * Says what is wrong with a setting.
     *
     * @param key the key without {@link CallbackSettings#PREFIX}
     * @param value the value; null where there is none, or it is a secret
     * @param problem what is wrong with it, without a full stop
     * @param mend what to write instead, without a full stop
     */
    public CallbackSettingsException(String key, @Nullable String value, String problem, String mend) {
        this(key, CallbackSettings.PREFIX + key + (value == null ? ": " : " = '" + value + "': ") + problem, mend);
    }

    private CallbackSettingsException(@Nullable String key, String problem, String mend) {
        super(problem + ". " + mend + ".");
        this.key = key;
        this.problem = problem;
        this.mend = mend;
    }

    /** Says what is wrong at a place that is no setting's. */
    static CallbackSettingsException at(String place, String problem, String mend) {
        return new CallbackSettingsException(null, place + ": " + problem, mend);
    }

    /** Returns the same with the place in front where the setting stands, if the values know it. */
    CallbackSettingsException located(SettingValues values) {
        return Optional.ofNullable(key)
                .flatMap(values::origin)
                .map(origin -> new CallbackSettingsException(key, origin + ": " + problem, mend))
                .orElse(this);
    }

    /** Returns the key, its value where that may be shown, and what is wrong with it. */
    public String problem() {
        return problem;
    }

    /** Returns what to write instead. */
    public String mend() {
        return mend;
    }
}
