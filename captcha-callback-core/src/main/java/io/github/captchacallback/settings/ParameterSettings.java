package io.github.captchacallback.settings;

import io.github.captchacallback.provider.Provider;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names the parameters of the service.
 *
 * @param taskId the parameter with the task id
 * @param code the parameter with the answer
 */
public record ParameterSettings(String taskId, String code) {

    static final SettingGroup<ParameterSettings> GROUP = new SettingGroup<>(CallbackSettings::parameters);

    private static final String NO_NAME = "this is no name for a parameter of the service's";
    private static final String ACTION =
            "Write the service's own name, of letters, digits, '-' and '_', other than 'token' and 'ts'";
    private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> OWN_PARAMETERS = Set.of("token", "ts");
    private static final SettingType<String> NAME = SettingType.text("parameter name", ParameterSettings::name);

    static final Setting<String> TASK_ID = GROUP.declare(
            "parameters.task-id",
            NAME,
            "",
            "The parameter that contains the task id, if it is not the provider's `id` or, for `ucaptcha`,"
                    + " `captcha_id`.",
            ParameterSettings::taskId);

    static final Setting<String> CODE = GROUP.declare(
            "parameters.code",
            NAME,
            "",
            "The parameter that contains the solution, if it is not the provider's `code`.",
            ParameterSettings::code);

    static ParameterSettings read(SettingsReader settings, Provider provider) {
        return new ParameterSettings(
                read(settings, TASK_ID, provider).orElse(provider.taskIdParameter()),
                read(settings, CODE, provider).orElse(provider.codeParameter()));
    }

    private static Optional<String> read(SettingsReader settings, Setting<String> setting, Provider provider) {
        Optional<String> name = settings.find(setting);
        name.filter(provider.otherParameters()::contains).ifPresent(taken -> {
            throw setting.refused(taken, NO_NAME, ACTION);
        });
        return name;
    }

    private static String name(SettingText text) {
        if (!NAME_PATTERN.matcher(text.text()).matches() || OWN_PARAMETERS.contains(text.text())) {
            throw text.refused(NO_NAME, ACTION);
        }
        return text.text();
    }
}
