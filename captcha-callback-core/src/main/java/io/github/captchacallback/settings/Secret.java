package io.github.captchacallback.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Represents a signing secret. Neither {@code toString} nor the message of an exception shows it.
 *
 * <p><b>Security notes.</b> Text that was probably meant to be something else is refused: a placeholder that nobody resolved, a
 * path, a prefix in another spelling, an example from a guide. An application that started with such text would sign with a secret
 * that is public.
 */
public final class Secret {

    /** The fewest bytes that a secret may have: the length of the hash, as RFC 2104, section 3, recommends. */
    public static final int MIN_BYTES = 32;

    private static final String ENV = "env:";
    private static final String FILE = "file:";
    private static final String BASE64 = "base64:";
    private static final String HEX = "hex:";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a secret from the value of a setting: text (its UTF-8 bytes), {@code base64:…}, {@code hex:…}, {@code env:NAME} or
     * {@code file:path}. The value of the variable and the content of the file are text, {@code base64:…} or {@code hex:…};
     * white space around them is dropped.
     *
     * @param text the setting's value
     * @param environment gives an environment variable's value, or null
     * @throws IllegalArgumentException if there is no such secret, it is too weak, or it was probably meant to be something else;
     *     the message never shows it
     */
    public static Secret parse(String text, UnaryOperator<@Nullable String> environment) {
        return decode(resolve(text, environment));
    }

    /** Returns the text that a setting's value leads to: the value of a variable, the content of a file, or the value itself. */
    static String resolve(String text, UnaryOperator<@Nullable String> environment) {
        MistakenSecret.requireResolved(text);
        if (text.startsWith(ENV)) {
            String name = variable(text);
            if (name == null) {
                throw new IllegalArgumentException("what follows 'env:' is not the name of an environment variable");
            }
            String value = environment.apply(name);
            if (value == null) {
                throw new IllegalArgumentException("the environment variable " + name + " is not set");
            }
            return value.strip();
        }
        if (text.startsWith(FILE)) {
            String path = text.substring(FILE.length());
            if (MistakenSecret.hasPrefix(path)) {
                throw new IllegalArgumentException("what follows 'file:' is not the path of a file");
            }
            return read(path).strip();
        }
        return text;
    }

    /** Says, as the beginning of a sentence, where to write a better secret than the one that the setting's value led to. */
    static String placeToFix(String text) {
        String variable = text.startsWith(ENV) ? variable(text) : null;
        if (variable != null) {
            return "Set the environment variable " + variable + " to";
        }
        return text.startsWith(FILE) ? "Write into that file" : "Give";
    }

    /** Returns the name of the variable; null if this is none, and perhaps the secret itself, which must not be shown. */
    private static @Nullable String variable(String text) {
        String name = text.substring(ENV.length());
        return VARIABLE.matcher(name).matches() ? name : null;
    }

    /** Returns a copy of the secret itself: to make a key of it, and never to print it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Reports whether a text contains this secret in any spelling that {@link #parse} reads: as text, in base64 of both alphabets, or in
     * hexadecimal digits. For those who hide secrets in what they print.
     */
    public boolean isContainedIn(String text) {
        return text.contains(new String(bytes, StandardCharsets.UTF_8))
                || text.contains(Base64.getEncoder().withoutPadding().encodeToString(bytes))
                || text.contains(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                || text.toLowerCase(Locale.ROOT).contains(HexFormat.of().formatHex(bytes));
    }

    private static Secret decode(String text) {
        if (isIndirect(text)) {
            throw new IllegalArgumentException("the secret is in turn the name of a place, which is not looked up");
        }
        MistakenSecret.requireNone(text);
        byte[] bytes;
        if (text.startsWith(BASE64)) {
            bytes = base64(text.substring(BASE64.length()));
        } else if (text.startsWith(HEX)) {
            bytes = hex(text.substring(HEX.length()));
        } else {
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has " + bytes.length + " bytes, and " + MIN_BYTES + " are the least");
        }
        ExampleSecret.requireNone(bytes);
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
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    named(path) + " is not UTF-8 text; PowerShell writes UTF-16 unless told otherwise");
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(named(path) + " cannot be read");
        }
    }

    private static String named(String path) {
        return MistakenSecret.mayBeSecret(path)
                ? "the file (its path is not shown, since it may be a secret)"
                : "the file " + path;
    }

    /** The name of a place may be long enough for a secret, and is easily guessed. */
    private static boolean isIndirect(String text) {
        return text.startsWith(ENV) || text.startsWith(FILE);
    }

    /** Returns a fixed text, without anything of the secret. */
    @Override
    public String toString() {
        return "Secret[***]";
    }
}
