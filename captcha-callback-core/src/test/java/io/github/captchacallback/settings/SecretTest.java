package io.github.captchacallback.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

    private static final String TEXT = "correct-horse-battery-staple-2026";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);

    /** 32 bytes: its base64 ends in padding, and holds characters that the two alphabets write differently. */
    private static final byte[] BINARY =
            HexFormat.of().parseHex("fbff3e00102030405060708090a0b0c0d0e0f0ff00112233445566778899aabb");

    @TempDir
    Path directory;

    @Test
    void textIsItsUtf8Bytes() {
        assertThat(parse(TEXT).bytes()).isEqualTo(BYTES);
        assertThat(parse("schlüssel-für-die-tür-zum-ort").bytes()).hasSize(32);
        assertThat(parse(" " + TEXT + " ").bytes())
                .as("blanks in the setting itself are meant")
                .hasSize(35);
    }

    @Test
    void base64IsReadInBothAlphabetsWithAndWithoutPadding() {
        assertThat(parse("base64:" + Base64.getEncoder().encodeToString(BINARY)).bytes())
                .isEqualTo(BINARY);
        assertThat(parse("base64:" + Base64.getEncoder().withoutPadding().encodeToString(BINARY))
                        .bytes())
                .isEqualTo(BINARY);
        assertThat(parse("base64:" + Base64.getUrlEncoder().encodeToString(BINARY))
                        .bytes())
                .isEqualTo(BINARY);
        assertThat(parse("base64:" + Base64.getUrlEncoder().withoutPadding().encodeToString(BINARY))
                        .bytes())
                .isEqualTo(BINARY);
    }

    @Test
    void hexIsReadInBothCases() {
        String hex = HexFormat.of().formatHex(BINARY);

        assertThat(parse("hex:" + hex).bytes()).isEqualTo(BINARY);
        assertThat(parse("hex:" + hex.toUpperCase(Locale.ROOT)).bytes()).isEqualTo(BINARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", " %s", "%s ", "%s\n", "%s\r\n", "\t %s\n\n"})
    void whiteSpaceAroundWhatAVariableOrAFileHoldsIsDropped(String layout) throws IOException {
        for (String spelling : new String[] {
            TEXT,
            "hex:" + HexFormat.of().formatHex(BYTES),
            "base64:" + Base64.getEncoder().encodeToString(BYTES)
        }) {
            String value = layout.replace("%s", spelling);
            Path file = Files.writeString(directory.resolve("secret"), value);

            assertThat(Secret.parse("env:CAPTCHA_SECRET", Map.of("CAPTCHA_SECRET", value)::get)
                            .bytes())
                    .isEqualTo(BYTES);
            assertThat(parse("file:" + file).bytes()).isEqualTo(BYTES);
        }
    }

    @Test
    void whiteSpaceWithinAFileIsPartOfTheSecret() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "correct horse\nbattery staple 2026 again\n");

        assertThat(parse("file:" + file).bytes())
                .isEqualTo("correct horse\nbattery staple 2026 again".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theLeastIsThirtyTwoBytes() {
        assertThat(parse("3c8f1a9e5d07b264f8a3c61e92d4057b").bytes()).hasSize(32);
        assertThat(parse("hex:" + HexFormat.of().formatHex(BINARY)).bytes()).hasSize(32);
    }

    @ParameterizedTest
    @CsvSource({
        "0123456789abcdef0123456789abcde, 31",
        "hex:0123456789abcdef0123456789abcdef, 16",
        "base64:c2VjcmV0LXNlY3JldC1zZWNyZXQ=, 20",
        "swordfish, 9",
        "'', 0",
        "hex:, 0",
        "base64:, 0"
    })
    void aShortSecretIsRefusedWithItsLength(String text, int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessage("the secret has " + bytes + " bytes, and 32 are the least");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "                                    ",
                "hex:0000000000000000000000000000000000000000000000000000000000000000",
                "base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "changeme-changeme-changeme-changeme",
                "swordfish-swordfish-swordfish-swordfish",
                "qwertzuiop12345qwertzuiop12345qwertzuiop12345",
                "hex:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void parseWhenAShortTextIsRepeatedThenRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessage("the secret is a short text repeated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcdef0123456789abcdef",
                "abcdefghijklmnopqrstuvwxyz0123456789",
                "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            })
    void parseWhenARowOfCharactersThenRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessage("the secret is a row of consecutive characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-secret-of-the-tests-that-nobody-else-uses",
                "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
                "hex:404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
                "ChangeMe_ChangeMe_ChangeMe_12345678",
                "please-change-this-secret-before-production",
                "your-secret-of-at-least-32-characters",
                "your-256-bit-secret-your-256-bit-secret",
                "my super secret signing key 1234567890",
                "mySuperSecretSigningKeyForCallbacks",
                "mysupersecretsigningkeyforcallbacks2026",
                "passwordpassword!passwordpassword!",
                "this-is-a-test-secret-do-not-use-in-production",
                "<test secret for the callback>, as a sample",
                "replace me with 32 random bytes or more",
                "base64:eW91ci1zZWNyZXQtb2YtYXQtbGVhc3QtMzItY2hhcmFjdGVycw=="
            })
    void parseWhenAnExampleOfAGuideThenRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessage("the secret looks like an example, which anyone can look up");
    }

    private static final String UNRESOLVED =
            "the secret looks like a placeholder that was not resolved; check that the name"
                    + " in it is spelled correctly and has a value";
    private static final String BYTE_ORDER_MARK =
            "the secret contains a byte-order mark (U+FEFF), which some editors write at"
                    + " the start of a file; save it as UTF-8 without one";
    private static final String QUOTES = "the secret is in quotes, which would be a part of it; remove the quotes";
    private static final String PREFIX =
            "the secret begins like '%s:' in another spelling; write '%1$s:' in lower case, with"
                    + " nothing before it and no space in it";
    private static final String STORE =
            "the secret looks like an address in another place or a value that is encrypted, and"
                    + " neither is resolved; write 'env:' and the name of a variable, or 'file:' and a path, for where the secret is";
    private static final String PATH =
            "the secret looks like the path of a file; write 'file:' before it if the file contains the secret";

    static Stream<Arguments> mistakes() {
        String key = Base64.getEncoder().encodeToString(BINARY);
        Stream.Builder<Arguments> mistakes = Stream.builder();
        Stream.of(
                        "${CAPTCHA_SECRET}",
                        "${CAPTCHA_SECRET_OF_A_NAME_THAT_IS_LONG_ENOUGH}",
                        "${captcha.secret.of.a.name.that.is.long.enough}",
                        "${CAPTCHA_SECRET_OF_A_NAME:${ANOTHER_NAME_THAT_IS_NOT_SET}}",
                        "prefix-${CAPTCHA_SECRET_OF_A_NAME}-and-suffix",
                        "base64:${CAPTCHA_SECRET_OF_A_NAME_THAT_IS_LONG_ENOUGH}",
                        "hex:${CAPTCHA_SECRET_OF_A_NAME_THAT_IS_LONG_ENOUGH}",
                        "#{systemEnvironment['CAPTCHA_SECRET_OF_A_NAME']}",
                        "#{@vault.secret('captcha/callback/signing/key')}",
                        "@captcha.secret.of.a.name.that.is.long.enough@",
                        "base64:@captcha.secret.of.a.name.that.is.long@",
                        "%CAPTCHA_SECRET_OF_A_NAME_THAT_IS_LONG_ENOUGH%",
                        "{{ .Values.captcha.callback.signingKey }}",
                        "$(cat /run/secrets/captcha-callback-key)",
                        "$CAPTCHA_SECRET_OF_A_NAME_THAT_IS_LONG_ENOUGH",
                        "<put the output of openssl rand here, please>")
                .forEach(text -> mistakes.add(Arguments.of(text, UNRESOLVED)));
        Stream.of("\uFEFF" + key, "\uFEFFbase64:" + key, "base64:\uFEFF" + key)
                .forEach(text -> mistakes.add(Arguments.of(text, BYTE_ORDER_MARK)));
        Stream.of(
                        "\"base64:" + key + "\"",
                        "'base64:" + key + "'",
                        "`" + key + "`",
                        "\u201C" + key + "\u201D",
                        "\"base64:" + key,
                        "'" + TEXT + "'",
                        "\"env:CAPTCHA_SECRET_OF_A_NAME_THAT_IS_LONG\"")
                .forEach(text -> mistakes.add(Arguments.of(text, QUOTES)));
        for (String prefix : List.of("env", "file", "base64", "hex")) {
            String capitalized = prefix.substring(0, 1).toUpperCase(Locale.ROOT) + prefix.substring(1);
            Stream.of(
                            prefix.toUpperCase(Locale.ROOT) + ":",
                            capitalized + ":",
                            " " + prefix + ":",
                            prefix + " :",
                            prefix + "=")
                    .forEach(spelling -> mistakes.add(Arguments.of(spelling + key, String.format(PREFIX, prefix))));
        }
        mistakes.add(Arguments.of("base64url:" + key, String.format(PREFIX, "base64")));
        Stream.of(
                        "classpath:keys/captcha-callback-signing-key.txt",
                        "vault:secret/data/captcha#signing-key-2026-11",
                        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:captcha",
                        "{cipher}" + key,
                        "ENC(" + key + ")")
                .forEach(text -> mistakes.add(Arguments.of(text, STORE)));
        Stream.of(
                        "/run/secrets/x",
                        "/run/secrets/captcha-callback-signing-key",
                        "/run/secrets/CaptchaCallbackSigningKey2026November",
                        "/captcha/callback/signingkeyofnovember2026",
                        "/Captcha/Callback/SigningKeyOfNovember.2026",
                        "./secrets/captcha-callback-signing-key",
                        "../secrets/captcha-callback-signing-key",
                        "~/secrets/captcha-callback-signing-key",
                        "C:\\ProgramData\\Captcha\\callback signing key.txt",
                        "c:/ProgramData/Captcha/callback-signing-key",
                        "\\\\server\\secrets\\captcha-callback-signing-key")
                .forEach(text -> mistakes.add(Arguments.of(text, PATH)));
        return mistakes.build();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void parseWhenSomethingElseWasMeantThenRefusedByWhatThatProbablyWas(String text, String message)
            throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), text);
        for (String spelling : List.of(text, "env:CAPTCHA_SECRET", "file:" + file)) {
            if (text.startsWith(" ") && !spelling.equals(text)) {
                continue; // White space around the content of a file or a variable is dropped.
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Secret.parse(spelling, Map.of("CAPTCHA_SECRET", text)::get))
                    .withMessage(message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"env:${CAPTCHA_SECRET}", "env:$CAPTCHA_SECRET", "file:${SECRETS}/captcha", "file:@secrets@"})
    void parseWhenThePlaceIsAPlaceholderThenRefusedAsOne(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessage(UNRESOLVED);
    }

    @Test
    void parseWhenTheSecretStandsInPlaceOfAPlaceThenItIsNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("env:base64:s3cr3t"))
                .withMessage("what follows 'env:' is not the name of an environment variable");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:BASE64:s3cr3t"))
                .withMessage("what follows 'file:' is not the path of a file");
        assertThat(Secret.placeToFix("env:base64:s3cr3t")).isEqualTo("Give");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+/8+ABAgMEBQYHCAkKCwwNDg8P8AESIzRFVmd4iZqrs=",
                "/zc3RmVjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0cw==",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "Zq7-vT2_mK9pXw4RbN8cHs5LdG3fYj6A",
                "correct-horse-battery-staple",
                "Zq7-vT2_mK9pXw4R",
                "8k#mP!x$L2q@vN5&wR9*"
            })
    void parseWhenASecretIsWrittenAsThePathOfAFileThenItIsNotShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:" + text))
                .withMessage("the file (its path is not shown, since it may be a secret) cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/no/such/file",
                "/run/secrets/captcha-callback-signing-key",
                "./secrets/captcha-callback-signing-key",
                "../secrets/captcha-callback-signing-key",
                "~/secrets/captcha-callback-signing-key",
                "secrets/key.txt"
            })
    void parseWhenTheFileIsMissingThenItsPathIsShown(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:" + path))
                .withMessage("the file " + path + " cannot be read");
    }

    /** As {@code openssl rand} prints them, with and without our prefix, and as password generators do. */
    @Test
    void parseWhenTheTextIsRandomThenItIsNeverMistaken() {
        Random random = new Random(20261122);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[32 + random.nextInt(33)];
            random.nextBytes(bytes);
            String base64 = Base64.getEncoder().encodeToString(bytes);
            String url = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            String hex = HexFormat.of().formatHex(bytes);
            for (String text :
                    List.of(base64, "/" + base64, url, hex, "base64:" + base64, "base64:" + url, "hex:" + hex)) {
                assertThat(parse(text).bytes()).as(text).hasSizeGreaterThanOrEqualTo(32);
            }
        }
    }

    @Test
    void parseWhenAPasswordGeneratorUsesAllSymbolsThenOneInFiveHundredIsMistakenAtMost() {
        Random random = new Random(20261122);
        long mistaken = IntStream.range(0, 20_000)
                .mapToObj(i -> random.ints(32 + random.nextInt(33), '!', '~' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .filter(text -> catchThrowable(() -> parse(text)) != null)
                .count();

        assertThat(mistaken).isLessThan(40);
    }

    @Test
    void isContainedInThenFindsTheSecretInEverySpelling() {
        String base64 = Base64.getEncoder().encodeToString(BINARY);
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(BINARY);
        String hex = HexFormat.of().formatHex(BINARY);
        for (String spelling : List.of(base64, "base64:" + base64, url, hex, "hex:" + hex.toUpperCase(Locale.ROOT))) {
            assertThat(parse("hex:" + hex).isContainedIn("-Dsecret=" + spelling + " -Dport=1"))
                    .isTrue();
        }
        assertThat(parse(TEXT).isContainedIn("{\"secret\":\"" + TEXT + "\"}")).isTrue();
        assertThat(parse(TEXT).isContainedIn(Base64.getEncoder().encodeToString(BYTES)))
                .isTrue();
        assertThat(parse(TEXT).isContainedIn(TEXT.substring(1))).isFalse();
        assertThat(parse(TEXT).isContainedIn("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA !",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQt\nc2VjcmV0LXNlY3JldC1zZWNyZXQt",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQt c2VjcmV0LXNlY3JldC1zZWNyZXQt",
                " c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQt",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQt ",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQt=c2VjcmV0LXNlY3JldC1zZWNyZXQt",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQt===",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQtc",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQtcz",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQté"
            })
    void whatIsNotBase64IsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("base64:" + text))
                .withMessage("what follows 'base64:' is not base64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg",
                "0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
                "０123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void whatIsNotHexIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("hex:" + text))
                .withMessage("what follows 'hex:' is not pairs of hexadecimal digits");
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("env:CAPTCHA_SECRET"))
                .withMessage("the environment variable CAPTCHA_SECRET is not set");
    }

    @Test
    void aVariableThatIsEmptyIsNoSecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.parse("env:CAPTCHA_SECRET", Map.of("CAPTCHA_SECRET", "  ")::get))
                .withMessage("the secret has 0 bytes, and 32 are the least");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path missing = directory.resolve("missing");
        for (Path path : new Path[] {missing, directory}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parse("file:" + path))
                    .withMessage("the file " + path + " cannot be read");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:a\0b"))
                .withMessage("the file a\0b cannot be read");
    }

    @Test
    void parseWhenTheFileIsNotUtf8ThenRefusedAsSuch() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), TEXT, StandardCharsets.UTF_16);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:" + file))
                .withMessage("the file " + file + " is not UTF-8 text; PowerShell writes UTF-16 unless told otherwise");
    }

    @Test
    void anEmptyFileIsNoSecret() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:" + file))
                .withMessage("the secret has 0 bytes, and 32 are the least");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t",
                "base64:s3cr3t!!",
                "base64:s3cr3t s3cr3t s3cr3t s3cr3t s3cr3t s3cr3t",
                "base64:s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3tx",
                "hex:s3cr3t",
                "hex:s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3t",
                "${s3cr3t}",
                "\"s3cr3t-of-the-test-that-is-long-enough\"",
                "BASE64:s3cr3t-of-the-test-that-is-long-enough",
                "/run/secrets/s3cr3t-of-the-test-that-is-long-enough",
                "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t"
            })
    void nothingOfARefusedSecretIsPrinted(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), text);
        for (String spelling : new String[] {text, "env:CAPTCHA_SECRET", "file:" + file}) {
            Throwable thrown = catchThrowable(() -> Secret.parse(spelling, Map.of("CAPTCHA_SECRET", text)::get));
            StringWriter printed = new StringWriter();
            thrown.printStackTrace(new PrintWriter(printed));

            assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
            assertThat(printed.toString()).doesNotContain("s3cr3t", "s3");
        }
    }

    @Test
    void aSecretDoesNotPrintItself() {
        assertThat(parse(TEXT)).hasToString("Secret[***]");
        assertThat(String.valueOf(Map.of("2026-11", parse(TEXT)))).isEqualTo("{2026-11=Secret[***]}");
    }

    @Test
    void aTextThatIsReadDoesNotPrintItself() {
        assertThat(new SettingText("signature.keys.2026-11", TEXT, name -> null))
                .hasToString("SettingText[signature.keys.2026-11]");
    }

    @Test
    void theBytesAreACopy() {
        Secret secret = parse(TEXT);
        secret.bytes()[0] = 0;

        assertThat(secret.bytes()).isEqualTo(BYTES);
    }

    private static Secret parse(String text) {
        return Secret.parse(text, name -> null);
    }

    @Test
    void theNameOfAPlaceIsNoSecret() {
        String place = "file:/run/secrets/captcha-callback-signing-key";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.parse("env:CAPTCHA", name -> place))
                .withMessage("the secret is in turn the name of a place, which is not looked up");
    }
}
