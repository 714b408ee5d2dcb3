package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SettingDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** Compares what editors show for {@code captcha.callback.*} with the declarations of the settings. */
class ConfigurationMetadataTest {

    private static final String WRITE = "settings.write";
    private static final Path FILE = Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");

    @Test
    void fileThenSaysWhatTheSettingsDeclare() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, metadata());
        }
        assertThat(FILE)
                .as(
                        "%s differs from the declarations of the settings; write it anew with:"
                                + " mvn -pl captcha-callback-spring -am test -Dtest=ConfigurationMetadataTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true%nIt should be:%n%s",
                        FILE, WRITE, metadata())
                .content()
                .isEqualTo(metadata());
    }

    @Test
    void fileThenIsJsonThatBootReads() {
        Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(metadata());
        assertThat(metadata).containsOnlyKeys("groups", "properties", "hints");
        assertThat((List<?>) metadata.get("properties"))
                .hasSize(CallbackSettings.schema().size() + 1)
                .allSatisfy(property -> assertThat(property)
                        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                        .extractingByKeys("name", "type", "description")
                        .allMatch(value -> value instanceof String text && !text.isBlank()));
    }

    private static String metadata() {
        Stream<String> properties = CallbackSettings.schema().stream()
                .map(setting -> property(name(setting), type(setting), text(setting.meaning()), value(setting)));
        Stream<String> health = Stream.of(property(
                "management.health.captchacallback.enabled",
                "java.lang.Boolean",
                "Whether health tells of a full or unreachable store.",
                "true"));
        Stream<String> hints = CallbackSettings.schema().stream()
                .filter(setting -> !setting.choices().isEmpty())
                .map(ConfigurationMetadataTest::hint);
        return "{\n  \"groups\": [\n    {\"name\": \"captcha.callback\","
                + " \"description\": \"Lets only genuine callbacks of a CAPTCHA service through.\"}\n  ],\n"
                + "  \"properties\": [\n" + lines(Stream.concat(properties, health)) + "\n  ],\n"
                + "  \"hints\": [\n" + lines(hints) + "\n  ]\n}\n";
    }

    private static String lines(Stream<String> objects) {
        return objects.map(object -> "    {" + object + "}").collect(Collectors.joining(",\n"));
    }

    private static String property(String name, String type, String description, String byDefault) {
        return "\"name\": \"" + name + "\", \"type\": \"" + type + "\",\n      \"description\": \"" + description + "\""
                + (byDefault.isEmpty() ? "" : ",\n      \"defaultValue\": " + byDefault);
    }

    private static String hint(SettingDescription setting) {
        return "\"name\": \"" + name(setting) + "\", \"values\": ["
                + setting.choices().stream()
                        .map(choice -> "{\"value\": \"" + choice + "\"}")
                        .collect(Collectors.joining(", "))
                + "]";
    }

    private static String name(SettingDescription setting) {
        return CallbackSettings.PREFIX + setting.name();
    }

    private static String type(SettingDescription setting) {
        if (setting.isFamily()) {
            return "java.util.Map<java.lang.String,java.lang.String>";
        }
        return setting.isList()
                ? "java.util.List<java.lang.String>"
                : setting.javaType().getName();
    }

    private static String value(SettingDescription setting) {
        String value = setting.defaultValue();
        if (value.isEmpty()) {
            return "";
        }
        if (setting.isList()) {
            return Stream.of(value.split(",", -1))
                    .map(entry -> '"' + entry + '"')
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        boolean literal = setting.javaType() == Boolean.class || Number.class.isAssignableFrom(setting.javaType());
        return literal ? value : '"' + value + '"';
    }

    private static String text(String markdown) {
        return markdown.replace("`", "").replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
