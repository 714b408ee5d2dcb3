package io.github.captchacallback.provider;

import java.util.Set;

/** Names the services whose callbacks are understood, as the setting {@code provider} does. */
public enum Provider {
    /** CaptchaAI. */
    CAPTCHAAI("captchaai", "id"),
    /** 2captcha. */
    TWO_CAPTCHA("2captcha", "id"),
    /** ruCaptcha, compatible with 2captcha. */
    RUCAPTCHA("rucaptcha", "id"),
    /** SolveCaptcha, compatible with 2captcha. */
    SOLVECAPTCHA("solvecaptcha", "id"),
    /** uCaptcha. */
    UCAPTCHA("ucaptcha", "captcha_id");

    private final String id;
    private final String taskIdParameter;

    Provider(String id, String taskIdParameter) {
        this.id = id;
        this.taskIdParameter = taskIdParameter;
    }

    /** Returns the value of the setting. */
    public String id() {
        return id;
    }

    /** Returns the name by which the service sends the task id. */
    public String taskIdParameter() {
        return taskIdParameter;
    }

    /** Returns the name by which the service sends the solution. */
    public String codeParameter() {
        return "code";
    }

    /** Returns the names of what else the service sends, which can be neither of the two. */
    public Set<String> otherParameters() {
        return this == UCAPTCHA ? Set.of(StatusFormat.STATUS) : Set.of();
    }

    /**
     * Returns what reads this service's callbacks.
     *
     * @param taskId the name of the task id's parameter, for a compatible service that uses another one
     * @param code the name of the solution's parameter, likewise
     */
    public CallbackFormat format(String taskId, String code) {
        return switch (this) {
            case CAPTCHAAI, TWO_CAPTCHA, RUCAPTCHA, SOLVECAPTCHA -> new CodeFormat(taskId, code);
            case UCAPTCHA -> new StatusFormat(taskId, code);
        };
    }
}
