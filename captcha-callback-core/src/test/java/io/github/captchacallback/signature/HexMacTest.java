package io.github.captchacallback.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HexMacTest {

    private static final int BITS = 256;

    private final Random random = new Random(2104);

    @Test
    void parseWhenTextIsAMacThenThatMac() {
        for (int i = 0; i < 1_000; i++) {
            byte[] mac = randomMac();
            String text = HexFormat.of().formatHex(mac);
            assertThat(HexMac.of(mac).text()).isEqualTo(text);
            byte[] around = ("before " + text + " behind").getBytes(StandardCharsets.US_ASCII);
            assertThat(HexMac.parse(around, 7, 71)).isEqualTo(HexMac.of(mac));
        }
    }

    /** Pitfall 21: upper case is another spelling, and so is whatever else could be read as a digit. */
    @Test
    void parseWhenAnyByteIsNoLowerCaseDigitThenNull() {
        for (int position = 0; position < 64; position++) {
            for (int value = 0; value < 256; value++) {
                byte[] text = HexFormat.of().formatHex(randomMac()).getBytes(StandardCharsets.US_ASCII);
                text[position] = (byte) value;
                boolean digit = (value >= '0' && value <= '9') || (value >= 'a' && value <= 'f');
                assertThat(HexMac.parse(text, 0, 64) != null)
                        .as("%#x at %d", value, position)
                        .isEqualTo(digit);
            }
        }
    }

    @Test
    void parseWhenTooShortOrTooLongThenNull() {
        assertThat(parse("0".repeat(63), 0)).isNull();
        assertThat(parse("0".repeat(65), 0)).isNull();
        assertThat(parse("0".repeat(64), 1)).isNull();
        assertThat(parse("", 0)).isNull();
    }

    @Test
    void matchesWhenAnyBitDiffersThenFalse() {
        byte[] mac = randomMac();
        assertThat(HexMac.of(mac).matches(HexMac.of(mac.clone()))).isTrue();
        for (int bit = 0; bit < BITS; bit++) {
            byte[] other = mac.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(HexMac.of(mac).matches(HexMac.of(other)))
                    .as("bit %d", bit)
                    .isFalse();
            assertThat(HexMac.of(other).matches(HexMac.of(mac)))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    private byte[] randomMac() {
        byte[] mac = new byte[BITS / 8];
        random.nextBytes(mac);
        return mac;
    }

    private static @Nullable HexMac parse(String text, int from) {
        return HexMac.parse(text.getBytes(StandardCharsets.ISO_8859_1), from, text.length());
    }
}
