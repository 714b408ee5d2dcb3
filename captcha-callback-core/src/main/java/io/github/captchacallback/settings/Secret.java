package io.github.captchacallback.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Holds the bytes of a signing secret, and shows them to nobody: {@code toString} and every message of an exception
 * leave them out.
 */
public final class Secret {

    /** The fewest bytes that a secret may have: the length of the hash, as RFC 2104, section 3, recommends. */
    public static final int MIN_BYTES = 32;

    private static final String ENV = "env:";
    private static final String FILE = "file:";

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a secret as it stands in the settings: as text (its UTF-8 bytes), {@code base64:…}, {@code hex:…},
     * {@code env:NAME} or {@code file:path}. What a variable or a file holds may itself be text, {@code base64:…} or
     * {@code hex:…}; white space around it is dropped.
     *
     * @param text the setting's value
     * @param environment gives an environment variable's value, or null
     * @throws IllegalArgumentException where there is no such secret or it is too weak; the message never holds it
     */
    public static Secret parse(String text, UnaryOperator<@Nullable String> environment) {
        if (text.startsWith(ENV)) {
            String name = text.substring(ENV.length());
            String value = environment.apply(name);
            if (value == null) {
                throw new IllegalArgumentException("the environment variable " + name + " is not set");
            }
            return decode(value.strip());
        }
        if (text.startsWith(FILE)) {
            return decode(read(text.substring(FILE.length())).strip());
        }
        return decode(text);
    }

    /** Says, as the beginning of a sentence, where a better secret is to be written than the setting's value has led to. */
    static String placeToMend(String text) {
        if (text.startsWith(ENV)) {
            return "Set the environment variable " + text.substring(ENV.length()) + " to";
        }
        return text.startsWith(FILE) ? "Write into that file" : "Give";
    }

    /** Returns a copy of the secret itself: for making a key of it, and for nothing that is printed. */
    public byte[] bytes() {
        return bytes.clone();
    }

    private static Secret decode(String text) {
        if (isIndirect(text)) {
            throw new IllegalArgumentException("the secret is in turn the name of a place, which is not looked up");
        }
        byte[] bytes;
        if (text.startsWith("base64:")) {
            bytes = base64(text.substring("base64:".length()));
        } else if (text.startsWith("hex:")) {
            bytes = hex(text.substring("hex:".length()));
        } else {
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has " + bytes.length + " bytes, and " + MIN_BYTES + " are the least");
        }
        if (repeatsOneByte(bytes)) {
            throw new IllegalArgumentException("the secret is one character repeated");
        }
        return new Secret(bytes);
    }

    private static byte[] base64(String text) {
        boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            byte[] bytes = (urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
            Base64.Encoder encoder = urlSafe ? Base64.getUrlEncoder() : Base64.getEncoder();
            // The decoder passes over bits behind the last byte, which tell of a secret that was cut short or mistyped.
            if (encoder.withoutPadding().encodeToString(bytes).equals(text.replace("=", ""))) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // The decoder's message may quote the text, so it is not passed on.
        }
        throw new IllegalArgumentException("what follows 'base64:' is not base64");
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("what follows 'hex:' is not pairs of hexadecimal digits");
        }
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("the file " + path + " cannot be read");
        }
    }

    /** The name of a place is long enough for a secret, and easily guessed. */
    private static boolean isIndirect(String text) {
        return text.startsWith(ENV) || text.startsWith(FILE);
    }

    private static boolean repeatsOneByte(byte[] bytes) {
        for (byte each : bytes) {
            if (each != bytes[0]) {
                return false;
            }
        }
        return true;
    }

    /** Returns a fixed text, without anything of the secret. */
    @Override
    public String toString() {
        return "Secret[***]";
    }
}
