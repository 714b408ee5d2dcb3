package io.github.captchacallback.settings;

import io.github.captchacallback.settings.ReplaySettings.Duplicates;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import java.util.ArrayList;
import java.util.List;

/** Decides which settings do not go together, and which do but are probably not meant. */
final class SettingsRules {

    private SettingsRules() {}

    static void check(CallbackSettings settings) {
        boolean signed = settings.signature().enabled();
        boolean pending = settings.pending().enabled();
        if (!signed && !pending) {
            throw SignatureSettings.ENABLED.refused(
                    "false",
                    "with 'pending.enabled' off as well nothing is left to tell a genuine callback by",
                    "Switch one of the two on");
        }
        if (settings.parameters().taskId().equals(settings.parameters().code())) {
            throw ParameterSettings.CODE.refused(
                    settings.parameters().code(),
                    "'parameters.task-id' has the same name",
                    "Give each the service's own name for it");
        }
        if (!settings.freshness().enabled()) {
            checkWithoutFreshness(settings);
        }
        if (!settings.replay().enabled() && settings.replay().duplicates() == Duplicates.OK) {
            throw ReplaySettings.ENABLED.refused(
                    "false",
                    "with 'replay.duplicates' = 'ok' repeats are to be answered, and without it none is known",
                    "Switch it on, or remove replay.duplicates");
        }
    }

    private static void checkWithoutFreshness(CallbackSettings settings) {
        if (settings.signature().enabled() && settings.signature().scheme() == Scheme.REFERENCE) {
            throw FreshnessSettings.ENABLED.refused(
                    "false",
                    "a token of the reference scheme always carries its time",
                    "Remove it, or write signature.scheme=task-id");
        }
        if (!settings.pending().enabled()) {
            throw FreshnessSettings.ENABLED.refused(
                    "false",
                    "with 'pending.enabled' off as well a callback could be repeated once it is forgotten",
                    "Switch one of the two on");
        }
    }

    static List<String> warnings(CallbackSettings settings) {
        List<String> warnings = new ArrayList<>();
        String publicUrl = settings.publicUrl();
        if (settings.requireHttps() && publicUrl != null && publicUrl.startsWith("http:")) {
            warnings.add("'public-url' is plain HTTP while 'require-https' is on: unless something upgrades the"
                    + " connection, every callback will be refused. Write https, or require-https=false");
        }
        if (!settings.signature().enabled() && settings.errorDetail()) {
            warnings.add("'signature.enabled' is off: anyone can ask, and the answers differ by whether a task exists."
                    + " Write error-detail=false");
        }
        return warnings;
    }
}
