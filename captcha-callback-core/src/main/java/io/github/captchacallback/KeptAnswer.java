package io.github.captchacallback;

import io.github.captchacallback.provider.TaskResult;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Writes a callback as the text that a store keeps, and reads it back. A line each has the version, the reference, the task
 * id, when the URL was issued, when the callback arrived, and the kind of its result; the rest is the result.
 */
final class KeptAnswer {

    private static final String VERSION = "1";
    private static final String SOLUTION = "solution";
    private static final String FAILURE = "failure";
    private static final int PARTS = 7;

    private KeptAnswer() {}

    static String write(Callback callback) {
        Instant issuedAt = callback.issuedAt();
        TaskResult result = callback.result();
        return String.join(
                "\n",
                VERSION,
                callback.reference(),
                callback.taskId(),
                issuedAt == null ? "" : issuedAt.toString(),
                callback.receivedAt().toString(),
                result instanceof TaskResult.Solution ? SOLUTION : FAILURE,
                result instanceof TaskResult.Solution solution
                        ? escape(solution.text())
                        : ((TaskResult.Failure) result).errorCode());
    }

    /**
     * Reads a callback.
     *
     * @throws IllegalArgumentException if another version has written the text; the message has nothing of it
     */
    static Callback read(String text) {
        String[] parts = text.split("\n", PARTS);
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            throw new IllegalArgumentException("it is in a format that this version of the library cannot read");
        }
        try {
            return new Callback(
                    parts[2],
                    result(parts[5], parts[6]),
                    parts[1],
                    parts[3].isEmpty() ? null : Instant.parse(parts[3]),
                    Instant.parse(parts[4]));
        } catch (DateTimeException e) {
            // Its own message would quote the text.
            throw new IllegalArgumentException("one of its times cannot be read");
        }
    }

    private static TaskResult result(String kind, String text) {
        return switch (kind) {
            case SOLUTION -> new TaskResult.Solution(unescape(text));
            case FAILURE -> new TaskResult.Failure(text);
            default -> throw new IllegalArgumentException("its result is of an unknown kind");
        };
    }

    /** Databases do not take U+0000 in a text. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\0", "\\0");
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean escaped = each == '\\' && i + 1 < text.length();
            plain.append(escaped ? (text.charAt(++i) == '0' ? '\0' : '\\') : each);
        }
        return plain.toString();
    }
}
