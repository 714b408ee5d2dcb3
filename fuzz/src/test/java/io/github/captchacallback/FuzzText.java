package io.github.captchacallback;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the fuzzer's bytes as text, so that people can write seeds and read findings. */
public final class FuzzText {

    private static final int FULL_WIDTH = 0xfee0;

    /** A text that doubles with every edit would soon be too long for anything. */
    private static final int MAX_LENGTH = 1024;

    private FuzzText() {}

    /** Returns the bytes as UTF-8, of which every character can come. */
    public static String of(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /** Returns the lines of the bytes; line feeds alone end one. */
    public static List<String> lines(byte[] input) {
        return List.of(of(input).split("\n", -1));
    }

    /**
     * Changes a text by the fuzzer's bytes from an index on, three an edit: what to do, where, and with which character. What
     * begins as genuine stays so close to it that the last check decides.
     */
    public static String edit(String text, byte[] edits, int from) {
        StringBuilder edited = new StringBuilder(text);
        for (int i = from; i + 2 < edits.length && edited.length() > 0; i += 3) {
            int at = (edits[i + 1] & 0xff) % edited.length();
            char c = (char) (edits[i + 2] & 0xff);
            switch ((edits[i] & 0xff) % 6) {
                case 0 -> edited.setCharAt(at, c);
                case 1 -> edited.insert(at, c);
                case 2 -> edited.deleteCharAt(at);
                case 3 -> edited.setCharAt(at, (char) (edited.charAt(at) ^ 0x20));
                case 4 -> edited.setCharAt(at, (char) (edited.charAt(at) + FULL_WIDTH));
                default -> edited.append(edited.length() > MAX_LENGTH ? "" : edited.substring(at));
            }
        }
        return edited.toString();
    }
}
