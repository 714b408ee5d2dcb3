package io.github.captchacallback.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.address.IpRange;
import io.github.captchacallback.provider.Provider;
import io.github.captchacallback.settings.ReplaySettings.Duplicates;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import io.github.captchacallback.settings.SignatureSettings.UrlStyle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackSettingsTest {

    private static final String URL = "https://your-server.com/captcha/callback";
    private static final String SECRET = "correct-horse-battery-staple-2026";
    private static final String OTHER_SECRET = "incorrect-horse-battery-staple-2026";

    @Test
    void schemaWhenASettingIsDeclaredThenItHasAKeyOfItsOwnATypeAndAMeaning() {
        assertThat(CallbackSettings.schema())
                .extracting(SettingDescription::key)
                .doesNotHaveDuplicates();
        assertThat(CallbackSettings.schema()).allSatisfy(setting -> {
            assertThat(setting.type()).isNotBlank();
            assertThat(setting.meaning()).isNotBlank().endsWith(".");
        });
    }

    static Stream<Setting<?>> settingsWithADefault() {
        return Schema.settings().stream()
                .filter(setting -> !setting.defaultValue().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("settingsWithADefault")
    void policyWhenASettingIsNotGivenThenShowsItsDefault(Setting<?> setting) {
        assertThat(CallbackSettings.from(least()).policy())
                .containsEntry(setting.key(), shown(setting, setting.defaultValue()));
    }

    /** Reads a text as the setting does, and shows it as the policy does. */
    private static <T> Object shown(Setting<T> setting, @Nullable String text) {
        T value = setting.type()
                .parser()
                .parse(new SettingText(setting.key(), Objects.requireNonNull(text), name -> null));
        return setting.type().shown().apply(value);
    }

    @Test
    void policyWhenASettingIsGivenThenShowsItsValue() {
        Map<String, String> values = otherThanTheDefaults();
        Map<String, Object> policy = CallbackSettings.from(values).policy();

        assertThat(Schema.settings())
                .filteredOn(setting -> values.containsKey(setting.key()))
                .hasSizeGreaterThan(20)
                .allSatisfy(setting ->
                        assertThat(policy).containsEntry(setting.key(), shown(setting, values.get(setting.key()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "require-https",
                "error-detail",
                "signature.enabled",
                "freshness.enabled",
                "pending.enabled",
                "replay.enabled"
            })
    void policyWhenOneIsSwitchedOffThenShowsOnlyThatAsOff(String key) {
        Map<String, String> values = with("signature.scheme", "task-id");
        values.put(key, "false");
        // This one protects nothing.
        values.put("store.redis.cluster", "true");

        assertThat(CallbackSettings.from(values).policy().entrySet())
                .filteredOn(entry -> entry.getValue().equals(false))
                .extracting(Map.Entry::getKey)
                .containsExactly(key);
    }

    @Test
    void policyThenShowsOfTheSigningKeysOnlyTheIds() {
        Map<String, String> values = with("signature.keys.2026-12", OTHER_SECRET);
        values.put("signature.active-key", "2026-12");
        Map<String, Object> policy = CallbackSettings.from(values).policy();

        assertThat(policy).containsEntry("signature.keys", List.of("2026-11", "2026-12"));
        assertThat(policy.toString()).doesNotContain(SECRET, OTHER_SECRET, "Secret");
    }

    @Test
    void policyWhenASettingHasNoValueThenIsWithoutIt() {
        assertThat(CallbackSettings.from(Map.of("path", "/captcha/callback", "signature.enabled", "false"))
                        .policy())
                .doesNotContainKeys("public-url", "source.allow-file")
                .containsEntry("source.allow", List.of())
                .containsEntry("signature.keys", List.of());
    }

    /** An operator may copy what the policy shows. */
    @Test
    void policyWhenItIsWrittenAsSettingsThenReadAsTheSame() {
        for (Map<String, String> values : List.of(least(), otherThanTheDefaults())) {
            Map<String, Object> policy = CallbackSettings.from(values).policy();
            Map<String, String> copied = new HashMap<>();
            policy.forEach((key, value) -> copied.put(key, written(value)));
            copied.remove("signature.keys");
            copied.values().removeIf(String::isEmpty);
            values.forEach((key, value) -> {
                if (key.startsWith("signature.keys.")) {
                    copied.put(key, value);
                }
            });

            assertThat(CallbackSettings.from(copied).policy()).isEqualTo(policy);
        }
    }

    private static String written(Object shown) {
        return shown instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : shown.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captcha.calback",
                "captcha.callbacks",
                "captcha-callback",
                "captchaCallback",
                "capcha.calback",
                "kaptcha.callback"
            })
    void isMistypedPrefixWhenTwoLettersAreWrongAtMostThenTrue(String beginning) {
        assertThat(CallbackSettings.isMistypedPrefix(beginning)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captcha.callback",
                "captcha",
                "captcha.solver",
                "hcaptcha.callback",
                "recaptcha.callback",
                "kaptha.calback",
                "spring.application"
            })
    void isMistypedPrefixWhenItIsOursOrOfOthersThenFalse(String beginning) {
        assertThat(CallbackSettings.isMistypedPrefix(beginning)).isFalse();
    }

    @Test
    void schemaTellsAFamilyOfKeysFromAKey() {
        assertThat(CallbackSettings.schema())
                .filteredOn(SettingDescription::isFamily)
                .singleElement()
                .satisfies(family -> assertThat(family.prefix()).isEqualTo("signature.keys."));
        assertThat(CallbackSettings.schema())
                .filteredOn(setting -> !setting.isFamily())
                .allSatisfy(setting -> assertThat(setting.prefix()).isEqualTo(setting.key()));
    }

    @Test
    void withTheLeastThatIsRequiredEverythingElseHasItsDefault() {
        CallbackSettings settings = CallbackSettings.from(least());

        assertThat(settings.publicUrl()).isEqualTo(URL);
        assertThat(settings.path()).isEqualTo("/captcha/callback");
        assertThat(settings.methods()).containsExactly("GET", "POST");
        assertThat(settings.requireHttps()).isTrue();
        assertThat(settings.errorDetail()).isTrue();
        assertThat(settings.provider()).isEqualTo(Provider.CAPTCHAAI);
        assertThat(settings.parameters().taskId()).isEqualTo("id");
        assertThat(settings.parameters().code()).isEqualTo("code");
        assertThat(settings.maxCodeLength()).isEqualTo(16_384);
        assertThat(settings.signature().enabled()).isTrue();
        assertThat(settings.signature().scheme()).isEqualTo(Scheme.REFERENCE);
        assertThat(settings.signature().keys()).containsOnlyKeys("2026-11");
        assertThat(settings.signature().activeKey()).isEqualTo("2026-11");
        assertThat(settings.signature().audience()).isEqualTo(URL);
        assertThat(settings.signature().urlStyle()).isEqualTo(UrlStyle.QUERY);
        assertThat(settings.freshness().enabled()).isTrue();
        assertThat(settings.freshness().ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.freshness().clockSkew()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.source().allow()).isEmpty();
        assertThat(settings.source().allowFile()).isNull();
        assertThat(settings.source().trustedProxies()).isEmpty();
        assertThat(settings.source().forwardedHeader()).isEqualTo(ForwardedHeader.X_FORWARDED_FOR);
        assertThat(settings.pending().enabled()).isTrue();
        assertThat(settings.pending().giveUpAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.replay().enabled()).isTrue();
        assertThat(settings.replay().duplicates()).isEqualTo(Duplicates.CONFLICT);
        assertThat(settings.replay().lease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.store().type()).isEqualTo("caffeine");
        assertThat(settings.store().capacity()).isEqualTo(1_000_000);
        assertThat(settings.warnings()).isEmpty();
    }

    private static Map<String, String> otherThanTheDefaults() {
        Map<String, String> values = new HashMap<>();
        values.put("public-url", "https://example.com:8443/a/b");
        values.put("path", "/behind/a/proxy");
        values.put("methods", "POST");
        values.put("require-https", "false");
        values.put("error-detail", "false");
        values.put("provider", "2captcha");
        values.put("parameters.task-id", "captcha_id");
        values.put("parameters.code", "answer");
        values.put("max-code-length", "4096");
        values.put("signature.enabled", "true");
        values.put("signature.scheme", "task-id");
        values.put("signature.keys.2026-11", SECRET);
        values.put("signature.keys.2026-12", OTHER_SECRET);
        values.put("signature.active-key", "2026-12");
        values.put("signature.audience", "staging");
        values.put("signature.url-style", "path");
        values.put("freshness.enabled", "false");
        values.put("freshness.ttl", "10m");
        values.put("freshness.clock-skew", "0s");
        values.put("source.allow", "138.201.0.0/16,2a01:4f8::/32");
        values.put("source.allow-file", "/etc/captcha/allow.txt");
        values.put("source.trusted-proxies", "10.0.0.0/8");
        values.put("source.forwarded-header", "Forwarded");
        values.put("pending.enabled", "true");
        values.put("pending.give-up-after", "1500s");
        values.put("replay.enabled", "false");
        values.put("replay.duplicates", "conflict");
        values.put("replay.lease", "1500ms");
        values.put("store.type", "my-store-2");
        values.put("store.capacity", "42");
        return values;
    }

    @Test
    void fromWhenSettingsAreGivenThenEachIsReadIntoItsComponent() {
        CallbackSettings settings = CallbackSettings.from(otherThanTheDefaults());

        assertThat(settings.publicUrl()).isEqualTo("https://example.com:8443/a/b");
        assertThat(settings.path()).isEqualTo("/behind/a/proxy");
        assertThat(settings.methods()).containsExactly("POST");
        assertThat(settings.requireHttps()).isFalse();
        assertThat(settings.errorDetail()).isFalse();
        assertThat(settings.provider()).isEqualTo(Provider.TWO_CAPTCHA);
        assertThat(settings.parameters().taskId()).isEqualTo("captcha_id");
        assertThat(settings.parameters().code()).isEqualTo("answer");
        assertThat(settings.maxCodeLength()).isEqualTo(4_096);
        assertThat(settings.signature().enabled()).isTrue();
        assertThat(settings.signature().scheme()).isEqualTo(Scheme.TASK_ID);
        assertThat(settings.signature().keys()).containsOnlyKeys("2026-11", "2026-12");
        assertThat(settings.signature().keys().get("2026-11"))
                .extracting(Secret::bytes)
                .isEqualTo(SECRET.getBytes(StandardCharsets.UTF_8));
        assertThat(settings.signature().keys().get("2026-12"))
                .extracting(Secret::bytes)
                .isEqualTo(OTHER_SECRET.getBytes(StandardCharsets.UTF_8));
        assertThat(settings.signature().activeKey()).isEqualTo("2026-12");
        assertThat(settings.signature().audience()).isEqualTo("staging");
        assertThat(settings.signature().urlStyle()).isEqualTo(UrlStyle.PATH);
        assertThat(settings.freshness().enabled()).isFalse();
        assertThat(settings.freshness().ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.freshness().clockSkew()).isZero();
        assertThat(settings.source().allow())
                .containsExactly(IpRange.parse("138.201.0.0/16"), IpRange.parse("2a01:4f8::/32"));
        assertThat(settings.source().allowFile()).isEqualTo(Path.of("/etc/captcha/allow.txt"));
        assertThat(settings.source().trustedProxies()).containsExactly(IpRange.parse("10.0.0.0/8"));
        assertThat(settings.source().forwardedHeader()).isEqualTo(ForwardedHeader.FORWARDED);
        assertThat(settings.pending().enabled()).isTrue();
        assertThat(settings.pending().giveUpAfter()).isEqualTo(Duration.ofMinutes(25));
        assertThat(settings.replay().enabled()).isFalse();
        assertThat(settings.replay().duplicates()).isEqualTo(Duplicates.CONFLICT);
        assertThat(settings.replay().lease()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(settings.store().type()).isEqualTo("my-store-2");
        assertThat(settings.store().capacity()).isEqualTo(42);
    }

    @Test
    void aTaskIsGivenUpWithItsUrlUnlessALaterTimeIsGiven() {
        Map<String, String> values = new HashMap<>(with("freshness.ttl", "90s"));
        assertThat(CallbackSettings.from(values).pending().giveUpAfter()).isEqualTo(Duration.ofSeconds(90));
        values.put("pending.give-up-after", "90s");
        assertThat(CallbackSettings.from(values).pending().giveUpAfter()).isEqualTo(Duration.ofSeconds(90));
        values.put("pending.give-up-after", "1d");
        assertThat(CallbackSettings.from(values).pending().giveUpAfter()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource({"pending.enabled", "signature.enabled"})
    void oneOfTheTwoLayersMayBeSwitchedOff(String key) {
        CallbackSettings settings = CallbackSettings.from(with(key, "false"));

        assertThat(settings.pending().enabled()).isEqualTo(!key.equals("pending.enabled"));
        assertThat(settings.signature().enabled()).isEqualTo(!key.equals("signature.enabled"));
    }

    @Test
    void withoutSignatureNoKeyAndNoAudienceIsNeeded() {
        CallbackSettings settings =
                CallbackSettings.from(Map.of("path", "/captcha/callback", "signature.enabled", "false"));

        assertThat(settings.signature().keys()).isEmpty();
        assertThat(settings.signature().activeKey()).isEmpty();
        assertThat(settings.signature().audience()).isEmpty();
    }

    @Test
    void aNodeThatOnlyVerifiesGivesPathAndAudienceInsteadOfTheUrl() {
        CallbackSettings settings = CallbackSettings.from(
                Map.of("path", "/captcha/callback", "signature.audience", URL, "signature.keys.2026-11", SECRET));

        assertThat(settings.publicUrl()).isNull();
        assertThat(settings.path()).isEqualTo("/captcha/callback");
        assertThat(settings.signature().audience()).isEqualTo(URL);
    }

    @Test
    void theTaskIdSchemeNeedsNoAudience() {
        CallbackSettings settings = CallbackSettings.from(
                Map.of("path", "/captcha/callback", "signature.scheme", "task-id", "signature.keys.2026-11", SECRET));

        assertThat(settings.signature().audience()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080/callback",
                "https://192.0.2.1/captcha/callback",
                "https://[2001:db8::1]:8443/captcha/callback",
                "https://your-server.com/a-b/c_d/e.f/~g"
            })
    void publicUrlMayBeAnyPlainUrl(String url) {
        assertThat(CallbackSettings.from(with("public-url", url)).publicUrl()).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 1000",
        "300s, 300000",
        "5m, 300000",
        "2h, 7200000",
        "365d, 31536000000",
        "3000ms, 3000",
        "PT5M, 300000",
        "PT1H30M, 5400000",
        "P1D, 86400000",
        "PT300S, 300000",
        "' 5m ', 300000"
    })
    void durationsHaveAUnitOrAreIso8601(String text, long millis) {
        assertThat(CallbackSettings.from(with("freshness.ttl", text))
                        .freshness()
                        .ttl())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"1ms, 1", "1500ms, 1500", "PT0.25S, 250", "10m, 600000"})
    void aLeaseMayBeShorterThanASecond(String text, long millis) {
        assertThat(CallbackSettings.from(with("replay.lease", text)).replay().lease())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void listsMayHaveBlanksAndLineBreaksAroundEntriesAndACommaBehind() {
        Map<String, String> values = least();
        values.put("methods", " POST ,\tGET ");
        values.put("source.allow", " 138.201.0.0/16 ,\n 10.0.0.1 - 10.0.0.9 ,2a01:4f8::/32,");

        CallbackSettings settings = CallbackSettings.from(values);

        assertThat(settings.methods()).containsExactly("POST", "GET");
        assertThat(settings.source().allow())
                .containsExactly(
                        IpRange.parse("138.201.0.0/16"),
                        IpRange.parse("10.0.0.1-10.0.0.9"),
                        IpRange.parse("2a01:4f8::/32"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\t"})
    void aBlankValueIsAsGoodAsNone(String blank) {
        Map<String, String> values = new HashMap<>();
        CallbackSettings.schema().stream()
                .filter(setting -> !setting.isFamily())
                .forEach(setting -> values.put(setting.key(), blank));
        values.keySet().removeAll(List.of("source.allow", "source.trusted-proxies"));
        values.putAll(least());

        assertThat(CallbackSettings.from(values)).usingRecursiveComparison().isEqualTo(CallbackSettings.from(least()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"source.allow", "source.trusted-proxies"})
    void anEmptyListOfAddressesIsRefusedAndDoesNotLetEveryoneIn(String key) {
        Map<String, String> values = new HashMap<>(least());
        values.put(key, " ");
        assertThatThrownBy(() -> CallbackSettings.from(values))
                .hasMessage("captcha.callback." + key + " = ' ': this list has no entry."
                        + " Give at least one, or remove the key.");
    }

    @Test
    void blanksAroundAValueAreDropped() {
        Map<String, String> values = least();
        values.put("public-url", " " + URL + " ");
        values.put("require-https", " false ");
        values.put("max-code-length", " 4096\t");
        values.put("replay.duplicates", "ok ");

        CallbackSettings settings = CallbackSettings.from(values);

        assertThat(settings.publicUrl()).isEqualTo(URL);
        assertThat(settings.requireHttps()).isFalse();
        assertThat(settings.maxCodeLength()).isEqualTo(4_096);
        assertThat(settings.replay().duplicates()).isEqualTo(Duplicates.OK);
    }

    @Test
    void secretsMayStandInTheEnvironment() {
        CallbackSettings settings = new SettingsReader(
                        with("signature.keys.2026-11", "env:CAPTCHA_SECRET"), Map.of("CAPTCHA_SECRET", SECRET)::get)
                .read();

        assertThat(settings.signature().keys().get("2026-11"))
                .extracting(Secret::bytes)
                .isEqualTo(SECRET.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theEnvironmentIsTheProcessesOwn() {
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> CallbackSettings.from(with("signature.keys.2026-11", "env:CAPTCHA_CALLBACK_NOT_SET")))
                .withMessageContaining("the environment variable CAPTCHA_CALLBACK_NOT_SET is not set");
    }

    @Test
    void settingsPrintNoSecret() {
        Map<String, String> values = least();
        values.put("signature.keys.2026-12", OTHER_SECRET);
        values.put("signature.active-key", "2026-12");

        assertThat(CallbackSettings.from(values).toString())
                .contains("2026-11", "2026-12", URL)
                .doesNotContain(SECRET, OTHER_SECRET, "horse");
    }

    @Test
    void settingsCannotBeChangedFromOutside() {
        Map<String, String> values = least();
        CallbackSettings settings = CallbackSettings.from(values);
        values.clear();

        assertThat(settings.signature().keys()).isUnmodifiable().isNotEmpty();
        assertThat(settings.methods()).isUnmodifiable();
        assertThat(settings.source().allow()).isUnmodifiable();
        assertThat(settings.source().trustedProxies()).isUnmodifiable();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void valuesTakesOursOutOfPropertiesAndLeavesTheOthers() {
        Properties defaults = new Properties();
        defaults.setProperty("captcha.callback.methods", "GET");
        defaults.setProperty("captcha.callback.replay.duplicates", "ok");
        Properties properties = new Properties(defaults);
        properties.setProperty("captcha.callback.public-url", URL);
        properties.setProperty("captcha.callback.methods", "POST");
        properties.setProperty("captcha.callback.no-such-key", "x");
        properties.setProperty("captcha.callbacks.path", "/theirs");
        properties.setProperty("captcha.solver.path", "/theirs");
        properties.setProperty("CAPTCHA.CALLBACK.path", "/theirs");
        properties.setProperty("my.captcha.callback.path", "/theirs");
        properties.setProperty("path", "/theirs");
        properties.setProperty("captcha.callback", "theirs");

        assertThat(SettingValues.ofProperties(properties).byKey())
                .isEqualTo(Map.of("public-url", URL, "methods", "POST", "replay.duplicates", "ok", "no-such-key", "x"));
    }

    @Test
    void settingsAreReadFromPropertiesThatHoldOthersToo() {
        Properties properties = new Properties();
        properties.setProperty("captcha.callback.public-url", URL);
        properties.setProperty("captcha.callback.signature.keys.2026-11", SECRET);
        properties.setProperty("spring.application.name", "shop");

        assertThat(CallbackSettings.from(SettingValues.ofProperties(properties).byKey())
                        .publicUrl())
                .isEqualTo(URL);
    }

    @Test
    void warnsOfAPlainUrlWhereHttpsIsRequired() {
        assertThat(CallbackSettings.from(with("public-url", "http://your-server.com/captcha/callback"))
                        .warnings())
                .singleElement()
                .asString()
                .contains("'public-url' is plain HTTP", "require-https=false");
        Map<String, String> plain = with("public-url", "http://your-server.com/captcha/callback");
        plain.put("require-https", "false");
        assertThat(CallbackSettings.from(plain).warnings()).isEmpty();
    }

    @Test
    void warnsOfTellingAnswersWhereNothingIsSigned() {
        assertThat(CallbackSettings.from(with("signature.enabled", "false")).warnings())
                .singleElement()
                .asString()
                .contains("'signature.enabled' is off", "error-detail=false");
        Map<String, String> silent = with("signature.enabled", "false");
        silent.put("error-detail", "false");
        assertThat(CallbackSettings.from(silent).warnings()).isEmpty();
    }

    @Test
    void warningsComeTogether() {
        Map<String, String> values = with("signature.enabled", "false");
        values.put("public-url", "http://your-server.com/captcha/callback");

        assertThat(CallbackSettings.from(values).warnings()).hasSize(2);
        assertThat(Set.copyOf(CallbackSettings.from(values).warnings())).hasSize(2);
    }

    private static Map<String, String> least() {
        return new LinkedHashMap<>(Map.of("public-url", URL, "signature.keys.2026-11", SECRET));
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> values = least();
        values.put(key, value);
        return values;
    }
}
