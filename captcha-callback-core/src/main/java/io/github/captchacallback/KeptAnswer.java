package io.github.captchacallback;

import io.github.captchacallback.provider.TaskResult;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Represents a callback as a store keeps it. A line each of its text has the version, the path of its endpoint, the reference,
 * the task id, when the URL was issued, when the callback arrived, and the kind of its result; the rest is the result.
 *
 * @param path of the endpoint, whose handler must get the callback: another one would not find its reference
 */
record KeptAnswer(String path, Callback callback) {

    private static final String VERSION = "1";
    private static final String SOLUTION = "solution";
    private static final String FAILURE = "failure";
    private static final int PARTS = 8;

    String write() {
        Instant issuedAt = callback.issuedAt();
        TaskResult result = callback.result();
        return String.join(
                "\n",
                VERSION,
                path,
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
     * Reads what {@link #write()} has written.
     *
     * @throws IllegalArgumentException if another version has written the text; the message has nothing of it
     */
    static KeptAnswer read(String text) {
        String[] parts = text.split("\n", PARTS);
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            throw new IllegalArgumentException("it is in a format that this version of the library cannot read");
        }
        try {
            Callback callback = new Callback(
                    parts[3],
                    result(parts[6], parts[7]),
                    parts[2],
                    parts[4].isEmpty() ? null : Instant.parse(parts[4]),
                    Instant.parse(parts[5]));
            return new KeptAnswer(parts[1], callback);
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
