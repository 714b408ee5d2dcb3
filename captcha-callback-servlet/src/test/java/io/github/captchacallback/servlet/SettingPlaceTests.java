package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.DeclaredWebappTests.properties;
import static io.github.captchacallback.servlet.DeclaredWebappTests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.settings.CallbackSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says where a webapp may have its settings, which place counts, and what becomes of a place that cannot be read. */
interface SettingPlaceTests extends DeclaredWebappTests {

    String FILE = "WEB-INF/captcha-callback.properties";
    String RESOURCE = "WEB-INF/classes/conf/captcha.properties";

    /** The build sets CAPTCHA_CALLBACK_REPLAY_LEASE to this. */
    Duration LEASE_OF_ENVIRONMENT = Duration.ofSeconds(77);

    /** Returns settings of which each place after the first is to override one more. */
    private static Map<String, String> numbered(int place) {
        Map<String, String> settings = new HashMap<>();
        String[] keys = {"freshness.ttl", "freshness.clock-skew", "max-code-length", "store.capacity", "replay.lease"};
        for (int i = place - 1; i < keys.length; i++) {
            settings.put(
                    keys[i], keys[i].contains("-length") || keys[i].contains("capacity") ? "" + place : place + "s");
        }
        return settings;
    }

    private void withSystemProperties(Map<String, String> settings, Runnable step) {
        settings.forEach((key, value) -> System.setProperty(CallbackSettings.PREFIX + key, value));
        try {
            step.run();
        } finally {
            settings.keySet().forEach(key -> System.clearProperty(CallbackSettings.PREFIX + key));
        }
    }

    @Test
    default void settingsWhenSeveralPlacesHaveThemThenTheLaterPlaceCounts() {
        Map<String, String> parameters = with("config", "classpath:conf/captcha.properties");
        parameters.putAll(numbered(1));
        webapp().file(FILE, properties(numbered(2))).file(RESOURCE, properties(numbered(3)));

        withSystemProperties(numbered(4), () -> {
            CallbackSettings settings = startWith(parameters).settings();

            assertThat(settings.freshness().ttl()).isEqualTo(Duration.ofSeconds(1));
            assertThat(settings.freshness().clockSkew()).isEqualTo(Duration.ofSeconds(2));
            assertThat(settings.maxCodeLength()).isEqualTo(3);
            assertThat(settings.store().capacity()).isEqualTo(4);
            assertThat(settings.replay().lease()).isEqualTo(LEASE_OF_ENVIRONMENT);
        });
    }

    @Test
    default void settingsWhenTheWebappHasAFileThenTheFilterNeedsNothingElse() {
        webapp().file(FILE, properties(PARAMETERS));
        CaptchaCallbacks callbacks = startWith(Map.of());

        webapp().assertAccepts(Webapp.target(callbacks.issue()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "classpath:conf/captcha.properties",
                "classpath:/conf/captcha.properties",
                " classpath:conf/captcha.properties ",
                "{webapp}/WEB-INF/classes/conf/captcha.properties",
                "file:{webapp}/WEB-INF/classes/conf/captcha.properties",
                "file://{webapp}/WEB-INF/classes/conf/captcha.properties",
            })
    default void configWhenItNamesAFileThenItIsRead(String location) {
        webapp().file(RESOURCE, properties(PARAMETERS));
        CaptchaCallbacks callbacks = startWith(Map.of(
                "config", location.replace("{webapp}", webapp().directory().toString())));

        webapp().assertAccepts(Webapp.target(callbacks.issue()));
    }

    @Test
    default void configWhenBlankThenItIsAsGoodAsNone() {
        assertThat(startWith(with("config", " ")).settings().publicUrl()).isEqualTo(PARAMETERS.get("public-url"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classpath:absent.properties | captcha.callback.config = 'classpath:absent.properties': the class path of"
                        + " this webapp has no such resource. Correct it, or write the path of a file.",
                "/absent.properties | /absent.properties: it cannot be read.",
                "file:/absent.properties | /absent.properties: it cannot be read.",
                "file:///absent.properties | /absent.properties: it cannot be read.",
                "/ | /: it cannot be read.",
            })
    default void configWhenItCannotBeReadThenTheStartStops(String location, String message) {
        assertStops(filter(with("config", location))).hasMessageStartingWith(message);
    }

    @Test
    default void configWhenItIsNoPathThenTheStartStops() {
        assertStops(filter(with("config", "file:\u0000")))
                .hasMessageEndingWith("this is no path. Write the path of a file, or classpath: and a resource.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "captcha.callback.source.allow=10.1.2.3/8 | captcha.callback.source.allow = '10.1.2.3/8': ",
                "captcha.callback.sourse.allow=10.0.0.0/8 | captcha.callback.sourse.allow: there is no such setting.",
                "source.allow=10.0.0.0/8 | the key source.allow does not begin with captcha.callback.*.",
                "captcha.callback.handler=x | captcha.callback.handler: there is no such setting.",
            })
    default void fileWhenALineCannotBeUsedThenTheStartStopsAndFileAndLineAreNamed(String line, String message) {
        webapp().file(FILE, "# ours\n" + line);

        assertStops(filter(PARAMETERS))
                .hasMessageStartingWith("/WEB-INF/captcha-callback.properties, line 2: " + message);
    }

    @Test
    default void resourceWhenALineCannotBeUsedThenTheStartStopsAndItsLineIsNamed() {
        webapp().file(RESOURCE, "captcha.callback.methods=PUT");

        assertStops(filter(with("config", "classpath:conf/captcha.properties")))
                .hasMessageStartingWith(
                        "classpath:conf/captcha.properties, line 1: captcha.callback.methods = 'PUT': ");
    }

    @Test
    default void settingsWhenNoPlaceHasASecretThenTheStartStops() {
        assertStops(filter(Map.of("public-url", ORIGIN + Webapp.PATH))).hasMessageContaining("there is no signing key");
    }
}
