package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.docs.Snippets;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds {@code docs/troubleshooting.md} to what is answered and said. */
class TroubleshootingDocumentTest {

    private static final String DOCUMENT =
            Snippets.of("docs/troubleshooting.md").document();
    private static final Pattern SETTING = Pattern.compile(
            "`((?:source|parameters|freshness|signature|pending|replay|store)\\.[a-z.-]+|methods|require-https"
                    + "|error-detail|public-url)(?:=(\\w+))?`");

    @ParameterizedTest
    @EnumSource
    void everyRefusalHasALine(Refusal refusal) {
        assertThat(DOCUMENT).contains("\n| " + refusal.status() + " `" + refusal.error() + "` | ");
    }

    @Test
    void everySettingThatIsNamedExists() throws IOException {
        String settings = Files.readString(Path.of("../docs/settings.md"));

        assertThat(SETTING.matcher(DOCUMENT).results())
                .hasSizeGreaterThan(15)
                .allSatisfy(named -> assertThat(settings).contains("| `" + named.group(1) + "` | "));
    }

    @Test
    void theLineOfTheLogIsTheOneThatIsLogged() {
        assertThat(DOCUMENT.replace("\n", " "))
                .contains("Refused a callback from 203.0.113.9: " + Refusal.MALFORMED.reason()
                        + " (400), 'code' is missing; reference not verified");
    }

    @Test
    void theMessagesOfAStartAreThoseThatAreGiven() {
        assertStops(Map.of("public-url", "https://your-server.com/captcha/callback"), "there is no signing key");
        assertStops(Map.of("sourse.allow", "10.0.0.0/8"), "there is no such setting");
    }

    private static void assertStops(Map<String, String> settings, String message) {
        assertThatThrownBy(() -> CallbackSettings.from(settings))
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageContaining(message);
        assertThat(DOCUMENT).contains("`" + message + "`");
    }

    @Test
    void everyLinkLeadsToAHeading() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([\\w./]+\\.md)(?:#([\\w-]+))?\\)");

        for (MatchResult found : link.matcher(DOCUMENT).results().toList()) {
            String target = Files.readString(Path.of("../docs").resolve(found.group(1)));
            if (found.group(2) != null) {
                assertThat(target.toLowerCase(Locale.ROOT).replace(' ', '-')).contains("#-" + found.group(2) + "\n");
            }
        }
    }
}
