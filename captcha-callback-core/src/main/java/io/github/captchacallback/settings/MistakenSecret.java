package io.github.captchacallback.settings;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses text that was meant to be resolved or looked up, and not to be a secret itself. The messages say what was probably meant,
 * and never show the text. Random keys in base64 or hexadecimal digits are never refused, although base64 may begin with a slash.
 */
final class MistakenSecret {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern QUOTED =
            Pattern.compile("(?s)([\"'`]).*\\1|[\u201C\u201E\u2018\u00AB].*|[\"'`](?i:env|file|base64|hex):.*");

    /** What a framework, a build tool or a shell would have replaced by a value. Only the first two can be part of other text. */
    private static final Pattern PLACEHOLDER = Pattern.compile("(?s)"
            + ".*[$#]\\{[A-Za-z@_][A-Za-z0-9_.:'\"()\\[\\]@/?\\- ]*}.*"
            + "|[$#]\\{.*}"
            + "|@[A-Za-z][A-Za-z0-9_.-]*@"
            + "|%[A-Za-z_][A-Za-z0-9_]*%"
            + "|\\{\\{.*}}"
            + "|\\$\\(.*\\)"
            + "|\\$[A-Za-z_][A-Za-z0-9_]*"
            + "|<[^<>]*>");

    private static final Pattern PREFIX =
            Pattern.compile("(?s)(?!base64:|hex:)\\s*(?i:(env|file|base64|hex)(?:url)?)\\s*[:=].*");

    private static final Pattern ANY_PREFIX = Pattern.compile("(?i)(?:env|file|base64|hex):");

    private static final Pattern OTHER_STORE =
            Pattern.compile("(?is)\\s*(?:classpath:|https?://|vault:|arn:aws|op://|sm://"
                    + "|aws-secretsmanager:|aws-parameterstore:|\\{cipher}|\\{vault}|ENC\\().*");

    private static final Pattern PATH =
            Pattern.compile("(?:/|\\.{1,2}[/\\\\]|~[/\\\\]|[A-Za-z]:[/\\\\]|\\\\\\\\)[A-Za-z0-9._/\\\\~ -]*");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]*=*");

    /** Of the paths that could also be base64 these are told by a directory that is usual, or by having no capital letter. */
    private static final Pattern USUAL_PATH = Pattern.compile(
            "/(?:[a-z0-9/]*|(?:etc|home|mnt|opt|private|root|run|secrets|srv|tmp|usr|var|Users|Volumes)/.*)");

    /** Fewer characters are hardly a random secret: 16 are twelve bytes in base64. */
    private static final int SHORTEST_RANDOM = 16;

    private MistakenSecret() {}

    /** Refuses a value that is, or contains, what somebody else should have replaced. */
    static void requireResolved(String text) {
        if (PLACEHOLDER.matcher(withoutPrefix(text)).matches()) {
            throw new IllegalArgumentException(
                    "the secret looks like a placeholder that was not resolved; check that the name in it"
                            + " is spelled correctly and has a value");
        }
    }

    static void requireNone(String text) {
        if (text.contains(BYTE_ORDER_MARK)) {
            throw new IllegalArgumentException(
                    "the secret contains a byte-order mark (U+FEFF), which some editors write at the start"
                            + " of a file; save it as UTF-8 without one");
        }
        if (QUOTED.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the secret is in quotes, which would be a part of it; remove the quotes");
        }
        requireResolved(text);
        Matcher prefix = PREFIX.matcher(text);
        if (prefix.matches()) {
            String meant = prefix.group(1).toLowerCase(Locale.ROOT) + ":";
            throw new IllegalArgumentException("the secret begins like '" + meant + "' in another spelling; write '"
                    + meant + "' in lower case, with nothing before it and no space in it");
        }
        if (OTHER_STORE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the secret looks like an address in another place or a value that is encrypted, and"
                            + " neither is resolved; write 'env:' and the name of a variable, or 'file:' and a path, for where the secret is");
        }
        if (isPath(text)) {
            throw new IllegalArgumentException(
                    "the secret looks like the path of a file; write 'file:' before it if the file contains the secret");
        }
    }

    /** Reports whether a text begins like one of our prefixes, in any case: what follows may be the secret itself. */
    static boolean hasPrefix(String text) {
        return ANY_PREFIX.matcher(text).lookingAt();
    }

    /**
     * Reports whether what was written as the path of a file may be a secret itself, which must not be shown: it is
     * long enough for one and does not look like a path.
     */
    static boolean mayBeSecret(String path) {
        return path.length() >= SHORTEST_RANDOM && !isPath(path);
    }

    private static boolean isPath(String text) {
        return PATH.matcher(text).matches()
                && (!BASE64.matcher(text).matches() || USUAL_PATH.matcher(text).matches());
    }

    private static String withoutPrefix(String text) {
        return List.of("base64:", "hex:", "env:", "file:").stream()
                .filter(text::startsWith)
                .findFirst()
                .map(prefix -> text.substring(prefix.length()))
                .orElse(text)
                .strip();
    }
}
