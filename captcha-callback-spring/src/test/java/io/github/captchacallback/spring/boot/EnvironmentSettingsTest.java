package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.SettingValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Says how settings may be spelt in a Boot application, and which source of them counts for more. */
class EnvironmentSettingsTest {

    /** Makes an environment of these sources alone, the first counting for most. */
    private static Environment environment(PropertySource<?>... sources) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        for (PropertySource<?> source : sources) {
            environment.getPropertySources().addLast(source);
        }
        return environment;
    }

    private static PropertySource<?> properties(String... pairs) {
        return new MapPropertySource("properties" + String.join("", pairs), map(pairs));
    }

    private static PropertySource<?> variables(String... pairs) {
        return new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, map(pairs));
    }

    private static Map<String, Object> map(String... pairs) {
        return List.of(pairs).stream()
                .collect(Collectors.toMap(
                        pair -> pair.substring(0, pair.indexOf('=')), pair -> pair.substring(pair.indexOf('=') + 1)));
    }

    private static PropertySource<?> yaml(String text) {
        try {
            return new YamlPropertySourceLoader()
                    .load("yaml " + text, new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captcha.callback.public-url",
                "captcha.callback.publicUrl",
                "captcha.callback.public_url",
                "captcha.callback.PUBLIC-URL",
                "CAPTCHA.callback.publicurl",
            })
    void readWhenAKeyIsSpeltInARelaxedWayThenTakesItForTheSame(String spelling) {
        assertThat(EnvironmentSettings.read(environment(properties(spelling + "=https://a.example/cb"))))
                .containsExactly(entry("public-url", "https://a.example/cb"));
    }

    @Test
    void readWhenEnvironmentVariablesAreSetThenTakesThoseOfTheSchema() {
        Environment environment = environment(variables(
                "CAPTCHA_CALLBACK_PUBLICURL=https://a.example/cb",
                "CAPTCHA_CALLBACK_SIGNATURE_KEYS_K1=a-secret",
                "CAPTCHA_CALLBACK_SIGNATURE_ACTIVEKEY=k1",
                "CAPTCHA_CALLBACK_SOURCE_ALLOW=10.0.0.0/8, ::1",
                "CAPTCHA_CALLBACK_SOURCE_TRUSTEDPROXIES_0=192.0.2.1",
                "CAPTCHA_CALLBACK_SOURCE_TRUSTEDPROXIES_1=192.0.2.2"));

        Map<String, String> settings = EnvironmentSettings.read(environment);

        assertThat(settings)
                .contains(
                        entry("public-url", "https://a.example/cb"),
                        entry("signature.keys.k1", "a-secret"),
                        entry("signature.active-key", "k1"),
                        entry("source.trusted-proxies", "192.0.2.1,192.0.2.2"))
                .hasSize(5);
        assertThat(entries(settings, "source.allow")).containsExactly("10.0.0.0/8", "::1");
    }

    @Test
    void readWhenEnvironmentVariablesOfOthersAreSetThenLeavesThemOut() {
        Environment environment = environment(variables(
                "CAPTCHA_CALLBACK_SERVICE_HOST=10.0.0.1",
                "CAPTCHA_CALLBACK_SERVICE_PORT=443",
                "CAPTCHA_CALLBACK_PORT_443_TCP_ADDR=10.0.0.1",
                "CAPTCHA_CALLBACK_SECRET=what-a-setting-names"));

        assertThat(EnvironmentSettings.read(environment)).isEmpty();
        assertThat(EnvironmentSettings.isAnySet(environment)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captcha.callback.public-ulr",
                "captcha.callback.signature.kyes.k",
                "captcha.callback.freshness",
                "captcha.callback.source[0]",
            })
    void readWhenAKeyIsUnknownThenHandsItOnToBeRefused(String key) {
        Environment environment = environment(properties(key + "=a-value-that-may-be-secret"));

        assertThat(EnvironmentSettings.isAnySet(environment)).isTrue();
        assertThat(EnvironmentSettings.read(environment)).hasSize(1).doesNotContainValue("a-value-that-may-be-secret");
    }

    @Test
    void readWhenKeysAreOfOtherLibrariesThenLeavesThemOut() {
        Environment environment = environment(
                properties("captcha.callbacks.public-url=x", "captcha.service.key=x", "captcha=x", "server.port=1"));

        assertThat(EnvironmentSettings.isAnySet(environment)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captcha.callback.source.allow: [10.0.0.0/8, '::1']",
                "captcha.callback.source.allow:\n  - 10.0.0.0/8\n  - ::1",
                "captcha:\n  callback:\n    source:\n      allow:\n        - 10.0.0.0/8\n        - ::1",
                "captcha.callback.source.allow: 10.0.0.0/8,::1",
                "captcha.callback.source.allow: '10.0.0.0/8, ::1'",
                "captcha.callback.source.allow: >\n  10.0.0.0/8,\n  ::1\n",
            })
    void readWhenAListIsASequenceOrATextThenItIsTheSameList(String text) {
        assertThat(entries(EnvironmentSettings.read(environment(yaml(text))), "source.allow"))
                .containsExactly("10.0.0.0/8", "::1");
    }

    private static List<String> entries(Map<String, String> settings, String key) {
        return List.of(settings.getOrDefault(key, "").strip().split("\\s*,\\s*", -1));
    }

    @Test
    void readWhenValuesAreNumbersAndBooleansInYamlThenTheyAreTexts() {
        assertThat(EnvironmentSettings.read(environment(yaml("""
                        captcha.callback:
                          max-code-length: 20000
                          require-https: off
                          freshness.ttl: 5m
                        """))))
                .containsOnly(
                        entry("max-code-length", "20000"),
                        entry("require-https", "false"),
                        entry("freshness.ttl", "5m"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11, 2026-11",
        "'2026', 2026",
        "old, old",
        "Prod, Prod",
        "'\"[Prod_1]\"', Prod_1",
        "Prod_1, Prod_1",
        "'\"2026_11\"', 2026_11",
        "'\"2026-11\"', 2026-11",
    })
    void readWhenKeysOfTheRingAreNamedInYamlThenTheirIdsAreKept(String written, String id) {
        assertThat(EnvironmentSettings.read(
                        environment(yaml("captcha.callback.signature.keys:\n  " + written + ": s"))))
                .containsExactly(entry("signature.keys." + id, "s"));
    }

    @ParameterizedTest
    @CsvSource({
        "CAPTCHA_CALLBACK_SIGNATURE_KEYS_2026_11, 2026-11",
        "CAPTCHA_CALLBACK_SIGNATURE_KEYS_PROD, prod",
        "CAPTCHA_CALLBACK_SIGNATURE_KEYS_Prod_1, prod-1",
        "captcha_callback_signature_keys_prod, prod",
        "captcha.callback.signature.keys.Prod_1, Prod_1",
    })
    void readWhenAKeyIsInAVariableThenItsIdIsTheSameAsWithoutSpring(String variable, String id) {
        assertThat(EnvironmentSettings.read(environment(variables(variable + "=s"))))
                .containsExactly(entry("signature.keys." + id, "s"));
        if (variable.startsWith("CAPTCHA_")) {
            assertThat(SettingValues.ofEnvironment(Map.of(variable, "s")).byKey())
                    .containsExactly(entry("signature.keys." + id, "s"));
        }
    }

    @ParameterizedTest
    @CsvSource({"2026-11, 2026_11", "2026_11, 2026_11", "2026-11, 202611", "Prod_1, PROD_1", "Prod_1, PROD1"})
    void readWhenAVariableNamesAKeyOfYamlThenItCountsForMoreUnderTheIdOfTheYaml(String id, String variable) {
        PropertySource<?> variables = variables("CAPTCHA_CALLBACK_SIGNATURE_KEYS_" + variable + "=of-variable");
        PropertySource<?> yaml = yaml("captcha.callback.signature.keys:\n  \"" + id + "\": of-yaml");

        assertThat(EnvironmentSettings.read(environment(variables, yaml)))
                .containsExactly(entry("signature.keys." + id, "of-variable"));
        assertThat(EnvironmentSettings.read(environment(yaml, variables)))
                .containsExactly(entry("signature.keys." + id, "of-yaml"));
    }

    @ParameterizedTest
    @CsvSource({"2026-11, 2026_11", "Prod, prod", "Prod_1, '[prod-1]'"})
    void readWhenTwoIdsDifferOnlyInCaseDashAndUnderscoreThenNeitherIsLostAndTheCoreRefuses(String one, String other) {
        String plain = other.replaceAll("[\\[\\]]", "");
        PropertySource<?> both =
                yaml("captcha.callback.signature.keys:\n  \"" + one + "\": of-one\n  \"" + other + "\": of-other");
        PropertySource<?> ofOne = properties("captcha.callback.signature.keys." + one + "=of-one");
        PropertySource<?> ofOther = properties("captcha.callback.signature.keys[" + plain + "]=of-other");

        for (Environment environment :
                List.of(environment(both), environment(ofOne, ofOther), environment(ofOther, ofOne))) {
            Map<String, String> settings = EnvironmentSettings.read(environment);

            assertThat(settings)
                    .containsOnly(
                            entry("signature.keys." + one, "of-one"), entry("signature.keys." + plain, "of-other"));
            settings.replaceAll((key, value) -> "correct-horse-battery-staple-" + value);
            settings.put("public-url", "https://a.example/cb");
            assertThatThrownBy(() -> CallbackSettings.from(settings))
                    .hasMessageContaining(one)
                    .hasMessageContaining(plain)
                    .hasMessageContaining("differs only in case, '-' or '_'. Rename one of the two");
        }
    }

    @Test
    void readWhenTwoVariablesMeanTheSameKeyThenBothAreNamed() {
        Environment environment = environment(
                variables("CAPTCHA_CALLBACK_SIGNATURE_KEYS_2026_11=a", "CAPTCHA_CALLBACK_SIGNATURE_KEYS_202611=b"));

        assertThatThrownBy(() -> EnvironmentSettings.read(environment))
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageContaining("CAPTCHA_CALLBACK_SIGNATURE_KEYS_2026_11")
                .hasMessageContaining("CAPTCHA_CALLBACK_SIGNATURE_KEYS_202611");
    }

    @ParameterizedTest
    @CsvSource({"shop, SHOP_", "my-shop, MYSHOP_", "my-shop, MY_SHOP_", "my.shop, MY_SHOP_"})
    void readWhenVariablesHaveThePrefixOfTheApplicationThenTheyAreTaken(String prefix, String start) {
        String rest = "CAPTCHA_CALLBACK_SIGNATURE_KEYS_2026_11";
        Environment environment = environment(new PrefixedVariables(
                prefix, Map.of(start + rest, "of-this-application", rest, "of-all-applications")));

        assertThat(EnvironmentSettings.read(environment))
                .containsExactly(entry("signature.keys.2026-11", "of-this-application"));
    }

    private static final class PrefixedVariables extends SystemEnvironmentPropertySource
            implements OriginLookup<String> {

        private final String prefix;

        PrefixedVariables(String prefix, Map<String, Object> variables) {
            super(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables);
            this.prefix = prefix;
        }

        @Override
        public String getPrefix() {
            return prefix;
        }

        @Override
        public @Nullable Origin getOrigin(String key) {
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "k!", "\u00e4k", "a b"})
    void readWhenAnIdHasOtherCharactersThenItIsHandedOnAsItIsToBeRefused(String id) {
        assertThat(EnvironmentSettings.read(environment(properties("captcha.callback.signature.keys." + id + "=s"))))
                .containsExactly(entry("signature.keys." + id, "s"));
    }

    @Test
    void readWhenAKeyNamesAnotherPropertyThenItsValueIsTakenAndAnUnknownNameStaysAsItIs() {
        assertThat(EnvironmentSettings.read(environment(
                        properties("captcha.callback.signature.keys.a=${shop.secret}", "shop.secret=s"),
                        properties("captcha.callback.signature.keys.b=${shop.sceret}"))))
                .containsOnly(entry("signature.keys.a", "s"), entry("signature.keys.b", "${shop.sceret}"));
    }

    @Test
    void readWhenAValueNamesAnotherPropertyThenItsValueIsTaken() {
        assertThat(EnvironmentSettings.read(
                        environment(properties("captcha.callback.public-url=https://${host}/cb", "host=a.example"))))
                .containsExactly(entry("public-url", "https://a.example/cb"));
    }

    @Test
    void readWhenTwoSourcesSetAKeyThenTheFirstCounts() {
        assertThat(EnvironmentSettings.read(environment(
                        properties("captcha.callback.publicUrl=https://first.example/cb"),
                        properties("captcha.callback.public-url=https://second.example/cb"))))
                .containsExactly(entry("public-url", "https://first.example/cb"));
    }

    @Test
    void readWhenAProfileWritesAListAsASequenceThenItCountsForMoreThanATextBelow() {
        assertThat(EnvironmentSettings.read(environment(
                        yaml("captcha.callback.source.allow: [192.0.2.1, 192.0.2.2]"),
                        properties("captcha.callback.source.allow=0.0.0.0/0"))))
                .containsExactly(entry("source.allow", "192.0.2.1,192.0.2.2"));
    }

    @Test
    void readWhenAVariableWritesAListAsATextThenItCountsForMoreThanASequenceBelow() {
        assertThat(EnvironmentSettings.read(environment(
                        variables("CAPTCHA_CALLBACK_SOURCE_ALLOW=192.0.2.1"),
                        yaml("captcha.callback.source.allow: [0.0.0.0/0, 192.0.2.2]"))))
                .containsExactly(entry("source.allow", "192.0.2.1"));
    }

    @Test
    void readWhenATextHasCommasThenTheyAreKept() {
        assertThat(EnvironmentSettings.read(
                        environment(properties("captcha.callback.signature.audience=one, two ,three"))))
                .containsExactly(entry("signature.audience", "one, two ,three"));
    }

    @Test
    void readWhenWhatIsNoListIsASequenceThenHandsItOnToBeRefused() {
        assertThat(EnvironmentSettings.read(
                        environment(yaml("captcha.callback.public-url: [https://a.example/cb, https://b.example/cb]"))))
                .containsOnly(entry("public-url[0]", ""), entry("public-url[1]", ""));
    }

    @Test
    void readWhenAValueIsEmptyThenItIsHandedOnAsSuch() {
        assertThat(EnvironmentSettings.read(environment(yaml("captcha.callback.public-url:"))))
                .containsExactly(entry("public-url", ""));
    }

    @Test
    void readThenEveryKeyOfTheSchemaIsTaken() {
        String[] all = CallbackSettings.schema().stream()
                .map(setting -> CallbackSettings.PREFIX + setting.prefix() + (setting.isFamily() ? "k" : "") + "=v")
                .toArray(String[]::new);

        assertThat(EnvironmentSettings.read(environment(properties(all))))
                .hasSize(all.length)
                .doesNotContainValue("");
    }
}
