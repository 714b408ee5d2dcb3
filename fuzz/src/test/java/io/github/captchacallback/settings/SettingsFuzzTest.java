package io.github.captchacallback.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.FuzzText;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.MutableClock;
import io.github.captchacallback.TestRequest;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.provider.TaskResult;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Holds settings to their promise: they work, or an exception says which key does not, and none shows a secret. */
class SettingsFuzzTest {

    /** Stands in the fuzzer's input as $S, and its encodings as $B and $H. */
    private static final String SECRET = "Zq7-vT2_mK9pXw4RbN8cHs5LdG3fYj6A";

    private static final String BASE64 = base64(SECRET);
    private static final String HEX = HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8));

    /** A part of so many characters stands in no text by chance. */
    private static final int PART = 8;

    private static final String KEY_PREFIX = "signature.keys.";
    private static final Path FILE = file();

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("captcha-callback-fuzz", ".properties");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each line is a key without the prefix and a value, as a Map has them. */
    @FuzzTest(maxDuration = "10m")
    void settingsWorkOrSayWhichKeyDoesNot(byte[] input) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : FuzzText.lines(input)) {
            int equals = line.indexOf('=');
            values.put(line.substring(0, Math.max(equals, 0)), line.substring(equals + 1));
        }
        if (showsTheSecret(FuzzText.of(input))
                || values.entrySet().stream().anyMatch(SettingsFuzzTest::isNoPlaceForASecret)) {
            return;
        }
        values.replaceAll((key, value) -> withSecret(value));
        SettingValues written = SettingValues.of(values);
        assertThat(showsTheSecret(written.toString())).isFalse();
        CallbackSettings settings = read(written);
        if (settings != null && settings.source().allowFile() == null) {
            checkThatItWorks(settings, written);
        }
    }

    /** What is written into another place is no secret, and is quoted; and a file would be read as far as it goes. */
    private static boolean isNoPlaceForASecret(Map.Entry<String, String> entry) {
        String key = entry.getKey();
        String value = entry.getValue();
        boolean secret = key.startsWith(KEY_PREFIX) && !value.startsWith("env:");
        boolean password = key.equals("public-url") && value.contains("@");
        boolean shown = Schema.find(key).isPresent() && !secret && !password;
        return showsTheSecret(withSecret(key))
                || (shown && showsTheSecret(withSecret(value)))
                || (key.startsWith(KEY_PREFIX) && value.startsWith("file:"));
    }

    private static String withSecret(String text) {
        return text.replace("$S", SECRET).replace("$B", BASE64).replace("$H", HEX);
    }

    private static boolean showsTheSecret(String text) {
        return showsAPartOf(SECRET, text) || showsAPartOf(BASE64, text) || showsAPartOf(HEX, text);
    }

    private static boolean showsAPartOf(String secret, String text) {
        return IntStream.rangeClosed(0, secret.length() / PART - 1)
                .anyMatch(part -> text.contains(secret.substring(part * PART, (part + 1) * PART)));
    }

    private static @Nullable CallbackSettings read(SettingValues written) {
        CallbackSettings settings;
        try {
            settings = CallbackSettings.from(written);
        } catch (CallbackSettingsException e) {
            assertThat(e.getMessage()).contains(CallbackSettings.PREFIX).endsWith(".");
            assertThat(showsTheSecret(e + e.problem() + e.action()))
                    .as(e.getMessage())
                    .isFalse();
            return null;
        }
        assertThat(showsTheSecret(settings.toString() + settings.warnings())).isFalse();
        settings.signature()
                .keys()
                .values()
                .forEach(key -> assertThat(key.bytes()).hasSizeGreaterThanOrEqualTo(Secret.MIN_BYTES));
        return settings;
    }

    /** What can be read can be built, and what it issues it accepts, once where that is wanted. */
    private static void checkThatItWorks(CallbackSettings settings, SettingValues written) {
        if (!settings.store().type().equals("caffeine")) {
            // Whether there is such a store depends on the class path, and is found out when it is opened.
            return;
        }
        try (CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .settings(written)
                .clock(new MutableClock(Instant.ofEpochSecond(1_793_000_000L)))
                .build()) {
            // A client that is one of our proxies is nobody, and whom the list then lets in is another test's business.
            boolean filtered = !settings.source().allow().isEmpty()
                    && !settings.source().trustedProxies().isEmpty();
            if (settings.publicUrl() == null || filtered) {
                return;
            }
            boolean byReference = settings.signature().enabled()
                    && settings.signature().scheme() == SignatureSettings.Scheme.REFERENCE;
            IssuedCallback issued = byReference ? callbacks.issue() : callbacks.issueFor("70123456789");
            CallbackRequest request = request(settings, issued);
            assertThat(callbacks.covers(request)).isTrue();
            assertThat(callbacks.verify(request)).as("%s", settings).isInstanceOf(Verdict.Accepted.class);
            boolean once = settings.replay().enabled();
            assertThat(callbacks.verify(request) instanceof Verdict.Accepted).isEqualTo(!once);
        }
    }

    private static CallbackRequest request(CallbackSettings settings, IssuedCallback issued) {
        String target = settings.path()
                + issued.url().substring(String.valueOf(settings.publicUrl()).length());
        TestRequest request = TestRequest.of(settings.methods().iterator().next(), target);
        settings.format().write("70123456789", new TaskResult.Solution("x")).forEach(request::param);
        settings.source().allow().stream()
                .findFirst()
                .ifPresent(range -> request.remoteAddress(range.first().toString()));
        return request;
    }

    /** The input is a properties file as it stands, which the JDK reads as well. */
    @FuzzTest(maxDuration = "10m")
    void aFileIsReadAsTheJdkReadsItOrRefusedByLine(byte[] input) throws IOException {
        String text = FuzzText.of(input);
        Properties expected = properties(text);
        if (showsTheSecret(text)
                || (expected != null
                        && ours(expected).entrySet().stream().anyMatch(SettingsFuzzTest::isNoPlaceForASecret))) {
            return;
        }
        byte[] bytes = utf8(input) ? withSecret(text).getBytes(StandardCharsets.UTF_8) : input;
        Files.write(FILE, bytes);
        SettingValues values;
        try {
            values = SettingValues.ofFile(FILE);
        } catch (CallbackSettingsException e) {
            assertThat(e.getMessage()).startsWith(FILE + (utf8(input) ? ", line " : ": "));
            assertThat(showsTheSecret(e + e.problem() + e.action()))
                    .as(e.getMessage())
                    .isFalse();
            return;
        }
        if (expected == null) {
            throw new AssertionError("the JDK reads no properties in " + text);
        }
        Map<String, String> ours = ours(expected);
        ours.replaceAll((key, value) -> withSecret(value));
        assertThat(values.byKey()).as(text).isEqualTo(ours);
        assertThat(expected.stringPropertyNames()).allMatch(name -> name.startsWith(CallbackSettings.PREFIX));
        read(values);
    }

    private static @Nullable Properties properties(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
        return properties;
    }

    private static Map<String, String> ours(Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(CallbackSettings.PREFIX))
                .collect(Collectors.toMap(
                        name -> name.substring(CallbackSettings.PREFIX.length()), properties::getProperty));
    }

    private static boolean utf8(byte[] input) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(input));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
