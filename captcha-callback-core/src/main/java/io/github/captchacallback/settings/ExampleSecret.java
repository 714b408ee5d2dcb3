package io.github.captchacallback.settings;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses secrets that anyone can guess: examples that were copied from a guide, short texts repeated, and rows of characters. */
final class ExampleSecret {

    /** Published keys, in lower case: that of our own guide to tests, and one that many tutorials share, in digits and as text. */
    private static final Set<String> PUBLISHED = Set.of(
            "a-secret-of-the-tests-that-nobody-else-uses",
            "404e635266556a586e3272357538782f413f4428472b4b6250645367566b5970",
            "@ncrfujxn2r5u8x/a?d(g+kbpdsgvkyp");

    /** Text in which every word is one of these is an example, such as your-secret-of-at-least-32-bytes. */
    private static final Set<String> WORDS =
            Set.of(("a an and any at be before bit bits byte bytes callback captcha change changed"
                            + " changeit char character characters chars default demo dev development do dummy enough example fake fixme for"
                            + " here hmac i in insert is it jwt key keys least length local long me min minimum more must my needs not of one or own"
                            + " passphrase password passwords placeholder please prod production put random real replace replaced s sample sha"
                            + " secret secrets secure set should sign signature signing some something string strong super test testing tests"
                            + " text that the this to todo token top use value very with x you your")
                    .split(" "));

    private static final Pattern LETTERS = Pattern.compile("[a-z]+");
    private static final int LONGEST_WORD = 12;

    /** A text of fewer bytes that is repeated has less than 128 bits, whatever its length. */
    private static final int SHORT = 16;

    private ExampleSecret() {}

    static void requireNone(byte[] secret) {
        String text = new String(secret, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        if (repeatsAShortText(secret)) {
            throw new IllegalArgumentException("the secret is a short text repeated");
        }
        if (isARow(secret)) {
            throw new IllegalArgumentException("the secret is a row of consecutive characters");
        }
        if (PUBLISHED.contains(text) || isMadeOfExampleWords(text)) {
            throw new IllegalArgumentException("the secret looks like an example, which anyone can look up");
        }
    }

    private static boolean isMadeOfExampleWords(String text) {
        Matcher runs = LETTERS.matcher(text);
        int letters = 0;
        while (runs.find()) {
            if (!isMadeOfWords(runs.group())) {
                return false;
            }
            letters += runs.end() - runs.start();
        }
        return letters > text.length() / 2;
    }

    private static boolean isMadeOfWords(String letters) {
        boolean[] wordsEndAt = new boolean[letters.length() + 1];
        wordsEndAt[0] = true;
        for (int end = 1; end <= letters.length(); end++) {
            for (int begin = Math.max(0, end - LONGEST_WORD); begin < end && !wordsEndAt[end]; begin++) {
                wordsEndAt[end] = wordsEndAt[begin] && WORDS.contains(letters.substring(begin, end));
            }
        }
        return wordsEndAt[letters.length()];
    }

    private static boolean repeatsAShortText(byte[] secret) {
        for (int period = 1; period < SHORT; period++) {
            if (Arrays.equals(secret, period, secret.length, secret, 0, secret.length - period)) {
                return true;
            }
        }
        return false;
    }

    /** Most of the bytes follow the one before, as in 0123456789abcdef or 00 01 02. */
    private static boolean isARow(byte[] secret) {
        int following = 0;
        for (int i = 1; i < secret.length; i++) {
            if (secret[i] == secret[i - 1] + 1) {
                following++;
            }
        }
        return following > secret.length / 2;
    }
}
