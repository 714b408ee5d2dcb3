package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Race;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HmacSha256Test {

    private static final HexFormat HEX = HexFormat.of();

    /** RFC 4231, section 4, cases 1 to 7; of case 5 it gives the first 128 bits. */
    static Stream<Arguments> rfc4231() {
        return Stream.of(
                vector(
                        "0b".repeat(20),
                        ascii("Hi There"),
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                vector(
                        ascii("Jefe"),
                        ascii("what do ya want for nothing?"),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
                vector(
                        "aa".repeat(20),
                        "dd".repeat(50),
                        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
                vector(
                        "0102030405060708090a0b0c0d0e0f10111213141516171819",
                        "cd".repeat(50),
                        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
                vector("0c".repeat(20), ascii("Test With Truncation"), "a3b6167473100ee06e0c796c2955552b"),
                vector(
                        "aa".repeat(131),
                        ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
                vector(
                        "aa".repeat(131),
                        ascii("This is a test using a larger than block-size key and a larger than block-size data."
                                + " The key needs to be hashed before being used by the HMAC algorithm."),
                        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
    }

    private static Arguments vector(String key, String message, String mac) {
        return Arguments.of(key, message, mac);
    }

    private static String ascii(String text) {
        return HEX.formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("rfc4231")
    void macWhenVectorOfRfc4231ThenAsPublished(String key, String message, String mac) {
        byte[] actual = new HmacSha256(HEX.parseHex(key)).mac(HEX.parseHex(message));
        assertThat(actual).hasSize(32);
        assertThat(HEX.formatHex(actual)).startsWith(mac);
    }

    @Test
    void macWhenKeyHasAnyLengthThenAsThePlatformHasIt() throws Exception {
        Random random = new Random(4231);
        for (int length = 1; length <= 200; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            HmacSha256 hmac = new HmacSha256(key);
            for (int i = 0; i < 10; i++) {
                byte[] message = new byte[random.nextInt(300)];
                random.nextBytes(message);
                assertThat(hmac.mac(message)).as("key of %d bytes", length).isEqualTo(platform(key, message));
            }
        }
    }

    @Test
    void macWhenManyThreadsShareOneThenNoneDisturbsAnother() throws Exception {
        byte[] key = "a key that several threads share, as one ring does".getBytes(StandardCharsets.US_ASCII);
        HmacSha256 hmac = new HmacSha256(key);
        List<Boolean> right = Race.run(16, () -> {
            Random random = new Random();
            boolean all = true;
            for (int i = 0; i < 2_000; i++) {
                byte[] message = new byte[random.nextInt(200)];
                random.nextBytes(message);
                all &= Arrays.equals(hmac.mac(message), platform(key, message));
            }
            return all;
        });
        assertThat(right).containsOnly(true);
    }

    @Test
    void constructorThenLeavesTheCallersKeyAsItIs() {
        for (int length : new int[] {32, 64, 65}) {
            byte[] key = new byte[length];
            Arrays.fill(key, (byte) 7);
            HmacSha256 hmac = new HmacSha256(key);
            assertThat(key).containsOnly(7);
            byte[] before = hmac.mac(new byte[] {1});
            Arrays.fill(key, (byte) 0);
            assertThat(hmac.mac(new byte[] {1})).isEqualTo(before);
        }
    }

    private static byte[] platform(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }
}
