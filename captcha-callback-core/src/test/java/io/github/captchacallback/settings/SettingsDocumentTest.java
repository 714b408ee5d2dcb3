package io.github.captchacallback.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares {@code docs/settings.md} with the declarations of the settings. */
class SettingsDocumentTest {

    private static final String WRITE = "settings.write";
    private static final String BEGIN =
            "<!-- settings: begin; written by SettingsDocumentTest with -D" + WRITE + "=true -->\n";
    private static final String END = "<!-- settings: end -->\n";

    private final Path file = repository().resolve("docs").resolve("settings.md");

    @Test
    void tableThenSaysWhatTheSettingsDeclare() throws IOException {
        String document = Files.readString(file);
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        assertThat(begin).as("the line '%s' in %s", BEGIN.strip(), file).isNotNegative();
        assertThat(end).as("the line '%s' in %s", END.strip(), file).isGreaterThan(begin);
        String expected = document.substring(0, begin + BEGIN.length()) + table() + document.substring(end);

        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, expected);
        }

        assertThat(Files.readString(file))
                .as(
                        "%s differs from the declarations of the settings; write it anew with:"
                                + " mvn -pl captcha-callback-core test -Dtest=SettingsDocumentTest -D%s=true%nThe table should be:%n%s",
                        file, WRITE, table())
                .isEqualTo(expected);
    }

    @Test
    void theExampleCanBeUsedAsItStands() throws IOException {
        String document = Files.readString(file);
        String fence = "```properties\n";
        int begin = document.indexOf(fence) + fence.length();
        Properties example = new Properties();
        example.load(new StringReader(document.substring(begin, document.indexOf("```", begin))));
        String secret = "base64:+/8+ABAgMEBQYHCAkKCwwNDg8P8AESIzRFVmd4iZqrs=";

        CallbackSettings settings = new SettingsReader(
                        SettingValues.ofProperties(example).byKey(), Map.of("CAPTCHA_SECRET", secret)::get)
                .read();

        assertThat(settings.signature().keys()).containsOnlyKeys("2026-11");
        assertThat(settings.source().allow()).hasSize(2);
        assertThat(settings.warnings()).isEmpty();
    }

    /** What a guide shows is copied: a secret that can be used would be public. */
    @Test
    void noDocumentShowsASecretThatCanBeUsed() throws IOException {
        Pattern written =
                Pattern.compile("signature\\.keys\\.[A-Za-z0-9_-]+(?:=|</param-name><param-value>)([^\"`<\\s]+)"
                        + "|keys:\\s+\"[A-Za-z0-9_-]+\": (\\S+)|signingKey\\(\"[^\"]*\", \"([^\"]*)\"\\)");
        List<String> secrets = new ArrayList<>();
        try (Stream<Path> documents = Files.list(repository().resolve("docs"))) {
            for (Path document : Stream.concat(documents, Stream.of(repository().resolve("README.md")))
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList()) {
                written.matcher(Files.readString(document))
                        .results()
                        .flatMap(result -> Stream.of(1, 2, 3).map(result::group))
                        .filter(Objects::nonNull)
                        .forEach(secrets::add);
            }
        }

        assertThat(secrets)
                .contains("env:CAPTCHA_SECRET")
                .allSatisfy(secret ->
                        assertThatIllegalArgumentException().isThrownBy(() -> Secret.parse(secret, name -> null)));
    }

    private static String table() {
        return CallbackSettings.schema().stream()
                .map(SettingsDocumentTest::row)
                .collect(Collectors.joining(
                        "\n", "\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n", "\n\n"));
    }

    private static String row(SettingDescription setting) {
        String byDefault = setting.defaultValue().isEmpty() ? "–" : "`" + setting.defaultValue() + "`";
        return "| `" + setting.key() + "` | " + cell(setting.type()) + " | " + byDefault + " | "
                + cell(setting.meaning()) + " |";
    }

    private static String cell(String markdown) {
        return markdown.replace("|", "\\|");
    }

    /** Looks for the root of the repository from where the test runs, be that the root or the module. */
    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("captcha-callback-core"))) {
            directory = Objects.requireNonNull(directory.getParent(), "not within the repository");
        }
        return directory;
    }
}
