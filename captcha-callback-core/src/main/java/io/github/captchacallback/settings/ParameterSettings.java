package io.github.captchacallback.settings;

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

    private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> OWN_PARAMETERS = Set.of("token", "ts");
    private static final SettingType<String> NAME = SettingType.text("parameter name", ParameterSettings::name);

    static final Setting<String> TASK_ID = GROUP.declare(
            "parameters.task-id",
            NAME,
            "id",
            "The parameter in which the service sends the task id.",
            ParameterSettings::taskId);

    static final Setting<String> CODE = GROUP.declare(
            "parameters.code",
            NAME,
            "code",
            "The parameter in which the service sends the answer.",
            ParameterSettings::code);

    static ParameterSettings read(SettingsReader settings) {
        return new ParameterSettings(settings.get(TASK_ID), settings.get(CODE));
    }

    private static String name(SettingText text) {
        if (!NAME_PATTERN.matcher(text.text()).matches() || OWN_PARAMETERS.contains(text.text())) {
            throw text.refused(
                    "this is no name for a parameter of the service's",
                    "Write the service's own name, of letters, digits, '-' and '_', other than 'token' and 'ts'");
        }
        return text.text();
    }
}
