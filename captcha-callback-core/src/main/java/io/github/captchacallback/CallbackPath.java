package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows which requests are for the callback endpoint.
 *
 * <p>Containers and frameworks fold paths in different ways, and a filter that compares paths is walked around by a
 * spelling that it does not fold. So every spelling that any of them could take for the endpoint's path is ours, and every
 * one but the plain form is malformed.
 */
final class CallbackPath {

    private static final int MAX_DECODINGS = 4;
    private static final Pattern PATH_PARAMETER = Pattern.compile(";[^/]*");

    private final String path;
    private final String folded;
    private final boolean tokenInPath;

    CallbackPath(String path, boolean tokenInPath) {
        this.path = path;
        this.folded = path.toLowerCase(Locale.ROOT);
        this.tokenInPath = tokenInPath;
    }

    /** Returns the path that the settings describe. */
    static CallbackPath of(CallbackSettings settings) {
        return new CallbackPath(settings.path(), settings.signature().inPath());
    }

    /**
     * Says whether a request's path is the endpoint's, in whatever spelling. Some readers cut path parameters before they
     * decode and some after, some decode more than once: what any of them makes of the path is ours.
     */
    boolean covers(String requested) {
        if (isPlain(requested)) {
            return true;
        }
        Set<String> readings = Set.of(requested);
        for (int decodings = 0; decodings <= MAX_DECODINGS && !readings.isEmpty(); decodings++) {
            Set<String> further = new HashSet<>();
            for (String reading : readings) {
                String cut = PATH_PARAMETER.matcher(reading).replaceAll("");
                if (isOurs(fold(reading)) || isOurs(fold(cut))) {
                    return true;
                }
                Stream.of(reading, cut)
                        .filter(text -> text.indexOf('%') >= 0)
                        .forEach(text -> further.add(decode(text)));
            }
            readings = further;
        }
        return false;
    }

    private boolean isOurs(String other) {
        return other.equals(folded) || (tokenInPath && other.startsWith(folded + "/"));
    }

    /** Says whether a request's path is the endpoint's, in the one form that is accepted. */
    boolean isPlain(String requested) {
        if (!tokenInPath) {
            return requested.equals(path);
        }
        return requested.startsWith(path + "/") && requested.indexOf('/', path.length() + 1) < 0;
    }

    /** Returns the token in a plain path; null where it does not stand there. */
    @Nullable
    String token(String requested) {
        return tokenInPath ? requested.substring(path.length() + 1) : null;
    }

    private static String fold(String requested) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : requested.replace('\\', '/').split("/", -1)) {
            int parameters = segment.indexOf(';');
            String name = (parameters < 0 ? segment : segment.substring(0, parameters)).strip();
            if (name.equals("..")) {
                segments.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                segments.addLast(name);
            }
        }
        return ("/" + String.join("/", segments)).toLowerCase(Locale.ROOT);
    }

    /** Decodes what is decodable and leaves the rest: the result is compared, and never used. */
    private static String decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (text.charAt(i) == '%' && high >= 0 && low >= 0) {
                decoded.append((char) (high << 4 | low));
                i += 3;
            } else {
                decoded.append(text.charAt(i));
                i++;
            }
        }
        return decoded.toString();
    }
}
