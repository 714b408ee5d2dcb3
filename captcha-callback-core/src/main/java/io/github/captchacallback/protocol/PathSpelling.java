package io.github.captchacallback.protocol;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what containers and frameworks could make of a path. They decode, cut, fold and resolve in different orders and
 * some do it more than once, so every step is tried on the result of every other.
 */
final class PathSpelling {

    /**
     * How many characters all readings of one path may have together. Paths of people and programs have a few readings. A
     * path that has more was made to be expensive, and counts as covered.
     */
    private static final int MAX_CHARACTERS = 1 << 17;

    /** How many ASCII letters and digits an escape or a character can stand for at most. */
    static final int MAX_EXPANSION = 8;

    private static final boolean[] ORDINARY = ordinaryCharacters();

    private static final Pattern PARAMETER = Pattern.compile("[;?#][^/]*");
    private static final Pattern EMPTY_SEGMENTS = Pattern.compile("/(?:\\.?+/)++");
    private static final Pattern AUTHORITY = Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*+:)?//[^/]*+");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*+:");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern CHARSET =
            Pattern.compile("charset[ \\t]*+=[ \\t]*+[\"']?([^\"';, \\t]++)", Pattern.CASE_INSENSITIVE);

    /** What decoders drop: escape sequences of ISO 2022, controls, blanks, and characters that are not shown. */
    private static final Pattern DROPPED =
            Pattern.compile("\\x1B[\\x20-\\x2F]*+[\\x30-\\x7E]?|[\\p{C}\\p{Z}\\s\\uFFFD]+");

    private static final Set<String> ASCII_OR_UTF_8 = Set.of("UTF-8", "US-ASCII", "ISO-8859-1");

    private PathSpelling() {}

    /**
     * Reports whether a path has one reading only: its own characters. It allocates nothing, since every request of an
     * application is asked for it.
     */
    static boolean isOrdinary(String path) {
        int length = path.length();
        if (length == 0 || path.charAt(0) != '/') {
            return false;
        }
        boolean segmentBegins = false;
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            if (c == '/' || c == '.') {
                if (segmentBegins) {
                    return false;
                }
                segmentBegins = c == '/';
            } else if (c < ORDINARY.length && ORDINARY[c]) {
                segmentBegins = false;
            } else {
                return false;
            }
        }
        return true;
    }

    private static boolean[] ordinaryCharacters() {
        boolean[] ordinary = new boolean[128];
        for (char c = 0; c < ordinary.length; c++) {
            ordinary[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_~!$&'()*+,=:@".indexOf(c) >= 0;
        }
        return ordinary;
    }

    /**
     * Tests the readings of a path.
     *
     * @param contentType of the request: some frameworks decode the path by the charset of the body
     * @param letters what a reading must have in this order to pass the test, see {@link #letters(String)}
     * @return whether any reading passes, or there are too many
     */
    static boolean anyReading(String path, @Nullable String contentType, String letters, Predicate<String> test) {
        List<Charset> charsets = charsets(contentType);
        return (!charsets.isEmpty() || canSpell(path, letters)) && anyReading(path, charsets, test);
    }

    /** Returns the letters and digits of a path, in lower case. */
    static String letters(String path) {
        return path.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /**
     * Reports whether a path can have a reading with these letters. Every step removes characters, or replaces escapes and
     * characters beyond ASCII. So each letter is there in the right order, or comes from one of those.
     */
    private static boolean canSpell(String path, String letters) {
        int matched = 0;
        for (int i = 0; i < path.length() && matched < letters.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' || c >= 0x80) {
                matched += MAX_EXPANSION;
            } else if (Character.toLowerCase(c) == letters.charAt(matched)) {
                matched++;
            }
        }
        return matched >= letters.length();
    }

    private static boolean anyReading(String path, List<Charset> charsets, Predicate<String> test) {
        Set<String> readings = new HashSet<>();
        Queue<String> untested = new ArrayDeque<>();
        readings.add(path);
        untested.add(path);
        int characters = 0;
        for (String reading = untested.poll(); reading != null; reading = untested.poll()) {
            if (test.test(reading)) {
                return true;
            }
            for (String next : steps(reading, charsets)) {
                if (readings.add(next)) {
                    characters += next.length();
                    untested.add(next);
                }
            }
            if (characters > MAX_CHARACTERS) {
                return true;
            }
        }
        return false;
    }

    /** Returns what one step of decoding or folding makes of a reading, each step separately. */
    private static List<String> steps(String reading, List<Charset> charsets) {
        List<String> next = new ArrayList<>();
        if (reading.indexOf('%') >= 0) {
            String decoded = decode(reading, true);
            next.add(decoded);
            next.add(decode(reading, false));
            charsets.forEach(charset -> next.add(reread(decoded, charset)));
        }
        if (!isAscii(reading)) {
            next.add(utf8(reading));
            next.add(compatible(reading));
        }
        next.add(replaceAll(PARAMETER, reading, ""));
        next.add(replaceAll(EMPTY_SEGMENTS, reading, "/"));
        next.add(replaceAll(DROPPED, reading, ""));
        next.add(reading.replace('\\', '/'));
        next.add(withoutPrefix(AUTHORITY, reading));
        next.add(withoutPrefix(SCHEME, reading));
        next.add(resolve(reading));
        return next;
    }

    private static String replaceAll(Pattern pattern, String text, String replacement) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.replaceAll(replacement) : text;
    }

    private static String withoutPrefix(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.lookingAt() ? text.substring(matcher.end()) : text;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /**
     * Decodes what can be decoded, one byte a character, and leaves the rest: the result is compared, and never used.
     *
     * @param separators whether encoded separators are decoded as well; some containers leave those to the application
     */
    private static String decode(String text, boolean separators) {
        StringBuilder decoded = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            boolean wide = text.startsWith("%u", i) || text.startsWith("%U", i);
            int digits = wide ? 4 : 2;
            int start = wide ? i + 2 : i + 1;
            int value = text.charAt(i) == '%' ? hex(text, start, digits) : -1;
            if (value < 0 || (!separators && "/\\%".indexOf(value) >= 0)) {
                decoded.append(text.charAt(i));
                i++;
            } else {
                decoded.append((char) value);
                i = start + digits;
            }
        }
        return decoded.toString();
    }

    private static int hex(String text, int start, int digits) {
        if (start + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Reads characters that are bytes in a charset, as a framework does that takes the body's charset for the path's. */
    private static String reread(String text, Charset charset) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), charset);
    }

    /** Reads characters that are bytes as UTF-8, and takes overlong forms for what they are meant to be. */
    private static String utf8(String text) {
        StringBuilder read = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char lead = text.charAt(i);
            int length = lead >= 0xC0 && lead < 0xFE ? Integer.numberOfLeadingZeros(~(lead << 24)) : 1;
            int codePoint = length == 1 ? -1 : continued(text, i, length);
            if (Character.isValidCodePoint(codePoint)) {
                read.appendCodePoint(codePoint);
                i += length;
            } else {
                read.append(lead);
                i++;
            }
        }
        return read.toString();
    }

    private static int continued(String text, int start, int length) {
        if (start + length > text.length()) {
            return -1;
        }
        int codePoint = text.charAt(start) & (0x7F >> length);
        for (int i = start + 1; i < start + length; i++) {
            char c = text.charAt(i);
            if (c < 0x80 || c > 0xBF) {
                return -1;
            }
            codePoint = codePoint << 6 | (c & 0x3F);
        }
        return codePoint;
    }

    /** Folds full-width forms, ligatures, letters with marks and the like to what they stand for. */
    static String compatible(String text) {
        String folded = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return replaceAll(MARKS, Normalizer.normalize(folded, Normalizer.Form.NFKD), "");
    }

    /** Resolves dot segments. An empty segment is one that {@code ..} can remove, unless another step removes it before. */
    private static String resolve(String text) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : text.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else {
                segments.addLast(segment);
            }
        }
        StringBuilder resolved = new StringBuilder(text.length() + 1);
        for (String segment : segments) {
            String name = segment.strip();
            if (!name.isEmpty() && !name.equals(".")) {
                resolved.append('/').append(name);
            }
        }
        return resolved.isEmpty() ? "/" : resolved.toString();
    }

    private static List<Charset> charsets(@Nullable String contentType) {
        if (contentType == null) {
            return List.of();
        }
        List<Charset> charsets = new ArrayList<>();
        Matcher matcher = CHARSET.matcher(contentType);
        while (matcher.find()) {
            try {
                Charset charset = Charset.forName(matcher.group(1));
                if (!ASCII_OR_UTF_8.contains(charset.name())) {
                    charsets.add(charset);
                }
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                // Nobody can decode by it.
            }
        }
        return charsets;
    }
}
