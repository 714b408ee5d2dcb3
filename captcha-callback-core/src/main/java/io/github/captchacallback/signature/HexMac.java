package io.github.captchacallback.signature;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Holds a MAC, HMAC-SHA-256, as four numbers. It has one spelling on the wire, 64 digits of lower-case hex, and nothing else is
 * read, so that whoever compares the numbers has compared the texts.
 */
record HexMac(long first, long second, long third, long fourth) {

    static final int LENGTH = 64;

    /** Digits are read eight at once, each in its own byte of a number (H. S. Warren, Hacker's Delight, section 2-18). */
    private static final int DIGITS_AT_ONCE = Long.BYTES;

    private static final VarHandle NUMBERS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long TOP_BITS = 0x8080_8080_8080_8080L;

    static HexMac of(byte[] mac) {
        return new HexMac(number(mac, 0), number(mac, 8), number(mac, 16), number(mac, 24));
    }

    /** Reads a MAC that is a part of a text; returns null where that is anything else. */
    static @Nullable HexMac parse(byte[] ascii, int from, int to) {
        if (to - from != LENGTH) {
            return null;
        }
        long digits = TOP_BITS;
        for (int i = from; i < to; i += DIGITS_AT_ONCE) {
            digits &= digits(number(ascii, i));
        }
        return digits == TOP_BITS
                ? new HexMac(
                        value(ascii, from), value(ascii, from + 16), value(ascii, from + 32), value(ascii, from + 48))
                : null;
    }

    private static long number(byte[] bytes, int from) {
        return (long) NUMBERS.get(bytes, from);
    }

    /**
     * Sets the top bit of each byte that is a digit: one sum reaches it from the first digit of a range on, the other from
     * the first character behind the range. No sum of ASCII runs over into the next byte, and all else has the bit set.
     */
    private static long digits(long text) {
        long decimal = (text + (0x80 - '0') * EACH_BYTE) & ~(text + (0x7f - '9') * EACH_BYTE);
        long letter = (text + (0x80 - 'a') * EACH_BYTE) & ~(text + (0x7f - 'f') * EACH_BYTE);
        return (decimal | letter) & ~text & TOP_BITS;
    }

    /** Returns the value of sixteen digits. */
    private static long value(byte[] ascii, int from) {
        return half(number(ascii, from)) << 32 | half(number(ascii, from + DIGITS_AT_ONCE));
    }

    /** Returns the value of eight digits: four bits of each, and nine more where it is a letter, moved together. */
    private static long half(long text) {
        long nibbles = (text & 0x0f * EACH_BYTE) + 9 * (text >>> 6 & EACH_BYTE);
        long bytes = (nibbles >>> 4 | nibbles) & 0x00ff_00ff_00ff_00ffL;
        long pairs = (bytes >>> 8 | bytes) & 0x0000_ffff_0000_ffffL;
        return (pairs >>> 16 | pairs) & 0xffff_ffffL;
    }

    /** Compares in constant time: all bits are looked at before anything branches. */
    boolean matches(HexMac other) {
        long difference =
                (first ^ other.first) | (second ^ other.second) | (third ^ other.third) | (fourth ^ other.fourth);
        return difference == 0;
    }

    /** Returns the text of the wire. */
    String text() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(first) + hex.toHexDigits(second) + hex.toHexDigits(third) + hex.toHexDigits(fourth);
    }

    /** Returns a fixed text, since a MAC is as good as the callback. */
    @Override
    public String toString() {
        return "HexMac[***]";
    }
}
