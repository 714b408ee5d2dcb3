package io.github.captchacallback.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingValuesTest {

    private static final String SECRET = "correct-horse-battery-staple-2026-november";

    @TempDir
    private Path folder = Path.of("");

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("captcha.properties"), String.join("\n", lines));
    }

    @Test
    void aFileIsReadWithCommentsContinuedLinesAndEscapes() throws IOException {
        SettingValues values = SettingValues.ofFile(file(
                "# a comment that ends in a backslash \\",
                "captcha.callback.public-url = https\\://your-server.com/captcha/callback",
                "",
                "! another comment",
                "captcha.callback.source.allow=138.201.0.0/16,\\",
                "    2a01:4f8::/32",
                "captcha.callback.signature.audience=K\u00f6ln"));
        assertThat(values.byKey())
                .isEqualTo(Map.of(
                        "public-url", "https://your-server.com/captcha/callback",
                        "source.allow", "138.201.0.0/16,2a01:4f8::/32",
                        "signature.audience", "K\u00f6ln"));
    }

    @Test
    void aBadValueIsNamedWithItsFileAndItsFirstLine() throws IOException {
        Path file = file(
                "captcha.callback.public-url=https://your-server.com/captcha/callback",
                "captcha.callback.signature.keys.k=" + SECRET,
                "",
                "captcha.callback.source.allow=138.201.0.0/16,\\",
                "  10.1.2.3/8");
        assertThatThrownBy(() -> CallbackSettings.from(SettingValues.ofFile(file)))
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageStartingWith(file + ", line 4: captcha.callback.source.allow = '10.1.2.3/8': ");
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndWithoutItsValue() throws IOException {
        Path file = file("captcha.callback.signature.kyes.k=" + SECRET);
        assertThatThrownBy(() -> CallbackSettings.from(SettingValues.ofFile(file)))
                .hasMessageStartingWith(file + ", line 1: captcha.callback.signature.kyes.k: there is no such setting.")
                .hasMessageContaining("Did you mean captcha.callback.signature.keys.<key-id>?")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aKeyWithoutThePrefixIsNotPassedOver() throws IOException {
        Path file = file("source.allow=10.0.0.0/8");
        assertThatThrownBy(() -> SettingValues.ofFile(file))
                .hasMessage(file + ", line 1: the key source.allow does not begin with captcha.callback.*."
                        + " Write the whole key, or keep other settings in a file of their own.");
    }

    @Test
    void theSecondLineOfASecretThatWasWrappedIsNotShown() throws IOException {
        Path file = file("captcha.callback.signature.keys.k=base64:", SECRET);
        assertThatThrownBy(() -> SettingValues.ofFile(file))
                .hasMessageStartingWith(file + ", line 2: the key does not begin with captcha.callback.*.")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aKeyThatIsGivenTwiceIsRefusedWhereItIsGivenAgain() throws IOException {
        Path file = file("captcha.callback.methods=GET", "captcha.callback.methods=POST");
        assertThatThrownBy(() -> SettingValues.ofFile(file))
                .hasMessageStartingWith(file + ", line 2: the key captcha.callback.methods is given before.");
    }

    @Test
    void whatIsNoPropertiesFileIsRefusedByLine() throws IOException {
        Path broken = file("captcha.callback.methods=GET", "captcha.callback.path=\\u12");
        assertThatThrownBy(() -> SettingValues.ofFile(broken))
                .hasMessageStartingWith(broken + ", line 2: this is no line of a properties file.");
        Path missing = folder.resolve("missing.properties");
        assertThatThrownBy(() -> SettingValues.ofFile(missing))
                .hasMessageStartingWith(missing + ": it cannot be read.");
        Path latin = Files.write(folder.resolve("latin"), "#\u00f6".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> SettingValues.ofFile(latin)).hasMessageStartingWith(latin + ": it cannot be read.");
    }

    @Test
    void variablesOfTheEnvironmentAnswerToTheKeysOfTheSchema() {
        SettingValues values = SettingValues.ofEnvironment(Map.of(
                "CAPTCHA_CALLBACK_SOURCE_ALLOW", "10.0.0.0/8",
                "CAPTCHA_CALLBACK_SOURCE_ALLOW_FILE", "/etc/allow",
                "CAPTCHA_CALLBACK_SIGNATURE_KEYS_2026_11", SECRET,
                "CAPTCHA_CALLBACK_SIGNATURE_KEYS_", SECRET,
                "CAPTCHA_CALLBACK_SERVICE_HOST", "10.43.0.1",
                "PATH", "/bin"));
        assertThat(values.byKey())
                .isEqualTo(Map.of(
                        "source.allow", "10.0.0.0/8",
                        "source.allow-file", "/etc/allow",
                        "signature.keys.2026-11", SECRET));
        assertThat(values.origin("source.allow")).contains("environment variable CAPTCHA_CALLBACK_SOURCE_ALLOW");
    }

    private static final String OTHER_SECRET = "incorrect-horse-battery-staple-2026-november";

    /** Reads settings as the servlet filter and its listener do: variables over system properties over files over parameters. */
    private static SettingValues read(Map<String, String> parameters, Map<String, String> environment) {
        return SettingValues.of(parameters).overriddenBy(new Properties(), environment);
    }

    @ParameterizedTest
    @CsvSource({
        "2026_11, 2026-11, 2026-11",
        "202611, 2026-11, 2026-11",
        "2026_11, 2026_11, 2026_11",
        "PROD_1, Prod_1, Prod_1",
        "PROD1, Prod_1, Prod_1",
        "prod_1, Prod_1, Prod_1"
    })
    void overriddenByWhenAVariableNamesAKeyOfAFileThenItsValueCountsUnderTheIdOfTheFile(
            String variable, String id, String expected) {
        SettingValues values = read(
                Map.of("signature.keys." + id, SECRET),
                Map.of("CAPTCHA_CALLBACK_SIGNATURE_KEYS_" + variable, OTHER_SECRET));

        assertThat(values.byKey()).isEqualTo(Map.of("signature.keys." + expected, OTHER_SECRET));
        assertThat(values.origin("signature.keys." + expected))
                .contains("environment variable CAPTCHA_CALLBACK_SIGNATURE_KEYS_" + variable);
    }

    @ParameterizedTest
    @CsvSource({"2026_11, 2026-11", "K1, k1", "k1, k1", "Prod_1, prod-1"})
    void ofEnvironmentWhenNoOtherPlaceSpellsTheIdThenItIsInLowerCaseWithDashes(String variable, String id) {
        assertThat(read(Map.of(), Map.of("CAPTCHA_CALLBACK_SIGNATURE_KEYS_" + variable, SECRET))
                        .byKey())
                .isEqualTo(Map.of("signature.keys." + id, SECRET));
    }

    @Test
    void overriddenByWhenAFileCountsForMoreThanAVariableThenTheIdIsThatOfTheFileToo() {
        SettingValues variables = SettingValues.ofEnvironment(Map.of("CAPTCHA_CALLBACK_SIGNATURE_KEYS_PROD_1", SECRET));

        SettingValues values = variables
                .overriddenBy(SettingValues.ofEnvironment(Map.of("CAPTCHA_CALLBACK_SIGNATURE_KEYS_PROD1", SECRET)))
                .overriddenBy(SettingValues.of(Map.of("signature.keys.Prod_1", OTHER_SECRET)));

        assertThat(values.byKey()).isEqualTo(Map.of("signature.keys.Prod_1", OTHER_SECRET));
    }

    @ParameterizedTest
    @CsvSource({"2026_11, 2026__11", "2026_11, 202611", "K1, k1", "Prod_1, PROD_1"})
    void ofEnvironmentWhenTwoVariablesMeanTheSameKeyThenBothAreNamed(String one, String other) {
        String prefix = "CAPTCHA_CALLBACK_SIGNATURE_KEYS_";
        assertThatThrownBy(
                        () -> SettingValues.ofEnvironment(Map.of(prefix + one, SECRET, prefix + other, OTHER_SECRET)))
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageContaining("environment variable " + prefix + one)
                .hasMessageContaining("environment variable " + prefix + other)
                .hasMessageEndingWith("since '_' and case do not count in the id of a key. Remove one of the two.")
                .hasMessageNotContaining("horse");
    }

    @ParameterizedTest
    @CsvSource({"2026-11, 2026_11", "Prod_1, prod-1", "K1, k1", "2026-11, 202611"})
    void fromWhenTwoIdsDifferOnlyInCaseDashAndUnderscoreThenRefusedWithBoth(String one, String other)
            throws IOException {
        Path file = file("captcha.callback.signature.keys." + other + "=" + OTHER_SECRET);
        for (SettingValues values : List.of(
                SettingValues.of(
                        Map.of("path", "/p", "signature.keys." + one, SECRET, "signature.keys." + other, SECRET)),
                SettingValues.of(Map.of("path", "/p", "signature.keys." + one, SECRET))
                        .overriddenBy(SettingValues.ofFile(file)),
                SettingValues.of(Map.of(
                                "path", "/p", "signature.keys." + one, SECRET, "signature.keys." + other, SECRET))
                        .overriddenBy(SettingValues.ofEnvironment(
                                Map.of("CAPTCHA_CALLBACK_SIGNATURE_KEYS_" + one.replace('-', '_'), SECRET))))) {
            assertThatThrownBy(() -> CallbackSettings.from(values))
                    .isInstanceOf(CallbackSettingsException.class)
                    .hasMessageContaining(
                            "signature.keys." + (one.compareTo(other) < 0 ? other : one) + ": there is also a key "
                                    + (one.compareTo(other) < 0 ? one : other)
                                    + ", whose id differs only in case, '-' or '_'. Rename one of the two, and use the same"
                                    + " spelling in every place.");
        }
    }

    @ParameterizedTest
    @CsvSource({"Prod_1, Prod_1", "Prod_1, prod-1", "2026-11, 2026_11"})
    void fromWhenTheActiveKeyIsSpelledInAnotherWayThenTheIdOfTheKeyCounts(String id, String active) {
        CallbackSettings settings = CallbackSettings.from(SettingValues.of(Map.of(
                "public-url",
                "https://your-server.com/captcha/callback",
                "signature.keys.other",
                OTHER_SECRET,
                "signature.keys." + id,
                SECRET,
                "signature.active-key",
                active)));

        assertThat(settings.signature().activeKey()).isEqualTo(id);
    }

    @Test
    void laterSettingsOverrideEarlierOnesAndBringTheirPlace() throws IOException {
        SettingValues file = SettingValues.ofFile(file("captcha.callback.methods=GET", "captcha.callback.path=/file"));
        Properties system = new Properties();
        system.setProperty("captcha.callback.methods", "POST");
        system.setProperty("java.version", "17");
        SettingValues values = file.overriddenBy(system, Map.of("CAPTCHA_CALLBACK_METHODS", "PUT"));
        assertThat(values.byKey()).isEqualTo(Map.of("methods", "PUT", "path", "/file"));
        assertThatThrownBy(() -> CallbackSettings.from(values))
                .hasMessageStartingWith(
                        "environment variable CAPTCHA_CALLBACK_METHODS: captcha.callback.methods = 'PUT'");
    }

    @Test
    void aBadSystemPropertyIsNamedAsOne() {
        Properties system = new Properties();
        system.setProperty("captcha.callback.methods", "PUT");
        assertThatThrownBy(() -> CallbackSettings.from(
                        SettingValues.of(Map.of("path", "/p", "methods", "GET")).overriddenBy(system, Map.of())))
                .hasMessageStartingWith("system property: captcha.callback.methods = 'PUT'");
    }

    @Test
    void aStreamIsReadAsAFileIsAndLeftOpen() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        try (InputStream in =
                new FilterInputStream(
                        new ByteArrayInputStream("\ncaptcha.callback.methods=PUT".getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                }) {
            SettingValues values = SettingValues.ofStream("classpath:captcha.properties", in);
            assertThat(values.origin("methods")).contains("classpath:captcha.properties, line 2");
            assertThat(closed).isFalse();
        }
        try (InputStream latin = new ByteArrayInputStream("#\u00f6".getBytes(StandardCharsets.ISO_8859_1))) {
            assertThatThrownBy(() -> SettingValues.ofStream("there", latin))
                    .hasMessageStartingWith("there: it cannot be read.");
        }
    }

    @Test
    void nothingThatIsPrintedHoldsAValue() {
        assertThat(SettingValues.of(Map.of("signature.keys.k", SECRET))).hasToString("SettingValues[signature.keys.k]");
    }
}
