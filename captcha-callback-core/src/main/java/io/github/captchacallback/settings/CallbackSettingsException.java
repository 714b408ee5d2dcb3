package io.github.captchacallback.settings;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Is thrown where a setting stops the start. Its message names the key, the value unless that is a secret, and what to
 * write instead.
 */
public final class CallbackSettingsException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

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
        this(CallbackSettings.PREFIX + key + (value == null ? ": " : " = '" + value + "': ") + problem, mend);
    }

    private CallbackSettingsException(String problem, String mend) {
        super(problem + ". " + mend + ".");
        this.problem = problem;
        this.mend = mend;
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
