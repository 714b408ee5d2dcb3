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
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(parse("schlüssel-schlüssel-schlüssel").bytes()).hasSize(32);
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
        assertThat(parse("0123456789abcdef0123456789abcdef").bytes()).hasSize(32);
        assertThat(parse("hex:" + "0123456789abcdef".repeat(4)).bytes()).hasSize(32);
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
                "base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void oneCharacterRepeatedIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessage("the secret is one character repeated");
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
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQté",
                "${CAPTCHA_CALLBACK_SECRET_FROM_SOMEWHERE_OUT_THERE}"
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
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});

        for (Path path : new Path[] {missing, directory, binary}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parse("file:" + path))
                    .withMessage("the file " + path + " cannot be read");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("file:a\0b"))
                .withMessage("the file a\0b cannot be read");
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
                "hex:s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3t"
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
