package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parameters of one callback, and checks that each occurs exactly once: ours in the query, since a body is no
 * part of the URL that we signed, and the service's in either. The body is read separately, because it can be large and slow.
 *
 * <p>Each method returns what is malformed, in words without anything of the request, or null. Not safe for use by several
 * threads.
 */
final class CallbackParameters {

    private static final String TOKEN = "token";
    private static final String TIMESTAMP = "ts";

    /** A form, with the charset that it declares, if any. */
    private static final Pattern FORM = Pattern.compile(
            "application/x-www-form-urlencoded[ \\t]*+(?:;[ \\t]*+(?:charset=(\"?)([^\"; \\t]++)\\1[ \\t]*+;?[ \\t]*+)?)?",
            Pattern.CASE_INSENSITIVE);

    /** A byte of an answer takes up to three characters in a form. */
    private static final int ENCODED_LENGTH = 3;

    /** What a form body may contain beside the answer: the task id and parameters that are not ours. */
    private static final int OTHER_PARAMETERS_LENGTH = 8192;

    private final Names names;
    private FormParameters all = FormParameters.ofQuery(null);
    private @Nullable String token;
    private @Nullable String timestamp;
    private @Nullable String taskId;
    private @Nullable String code;

    CallbackParameters(Names names) {
        this.names = names;
    }

    /**
     * Describes the parameters that a callback has under the settings.
     *
     * @param withToken whether the token is a query parameter
     * @param withTimestamp whether the time is a query parameter
     * @param maxCodeLength the longest answer, in UTF-8 bytes
     */
    record Names(boolean withToken, boolean withTimestamp, String taskId, String code, int maxCodeLength) {

        static Names of(CallbackSettings settings) {
            SignatureSettings signature = settings.signature();
            return new Names(
                    signature.inQuery(),
                    signature.enabled()
                            && signature.scheme() == Scheme.TASK_ID
                            && settings.freshness().enabled(),
                    settings.parameters().taskId(),
                    settings.parameters().code(),
                    settings.maxCodeLength());
        }
    }

    @Nullable
    String addQuery(@Nullable String query) {
        String problem = add(FormParameters.ofQuery(query), true);
        if (problem != null) {
            return problem;
        }
        if (names.withToken() && token == null) {
            return missing(TOKEN);
        }
        return names.withTimestamp() && timestamp == null ? missing(TIMESTAMP) : null;
    }

    /** Reads the body, and checks that the callback is complete. */
    @Nullable
    String addBody(CallbackRequest request) {
        String type = request.contentType();
        Matcher matcher = FORM.matcher(type == null ? "" : type.strip());
        boolean form = matcher.matches();
        int limit = form ? ENCODED_LENGTH * names.maxCodeLength() + OTHER_PARAMETERS_LENGTH : 0;
        byte[] body;
        try {
            body = request.body(limit + 1);
        } catch (IOException e) {
            return "the body ended early";
        }
        if (body.length > limit) {
            return form ? "the body is too long" : "the body is not of type application/x-www-form-urlencoded";
        }
        if (form && !isInUtf8(matcher.group(2)) && !isAscii(body)) {
            return "the body is in another charset than UTF-8";
        }
        String problem = body.length == 0 ? null : add(FormParameters.ofBody(body), false);
        return problem == null ? incomplete() : problem;
    }

    private static boolean isInUtf8(@Nullable String charset) {
        return charset == null || charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii");
    }

    /** Reports whether a body means the same in every charset that a form is sent in. */
    private static boolean isAscii(byte[] body) {
        for (byte each : body) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String incomplete() {
        if (taskId == null) {
            return missing(names.taskId());
        }
        return code == null ? missing(names.code()) : null;
    }

    private static String missing(String name) {
        return "'" + name + "' is missing";
    }

    private @Nullable String add(FormParameters parameters, boolean inQuery) {
        all = all.and(parameters);
        for (FormParameters.Parameter parameter : parameters.all()) {
            String problem = add(parameter, inQuery);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private @Nullable String add(FormParameters.Parameter parameter, boolean inQuery) {
        String name = parameter.name();
        String value = parameter.value();
        if (name == null) {
            return "a parameter's name is not percent-encoded UTF-8";
        }
        if (names.withToken() && name.equals(TOKEN)) {
            String problem = problem(name, token, value, !inQuery);
            token = value;
            return problem;
        }
        if (names.withTimestamp() && name.equals(TIMESTAMP)) {
            String problem = problem(name, timestamp, value, !inQuery);
            timestamp = value;
            return problem;
        }
        if (name.equals(names.taskId())) {
            String problem = problem(name, taskId, value, false);
            taskId = value;
            return problem == null && !TaskId.isValid(String.valueOf(value))
                    ? "'" + name + "' is not 1 to 128 letters, digits, '.', '_', ':' and '-'"
                    : problem;
        }
        if (name.equals(names.code())) {
            String problem = problem(name, code, value, false);
            code = value;
            return problem == null && !isWithinLimits(String.valueOf(value))
                    ? "'" + name + "' is not 1 to " + names.maxCodeLength() + " bytes long"
                    : problem;
        }
        return isArrayOfOurs(name) ? "a parameter is given as an array" : null;
    }

    private static @Nullable String problem(
            String name, @Nullable String before, @Nullable String value, boolean misplaced) {
        if (before != null) {
            return "'" + name + "' is given twice";
        }
        if (misplaced) {
            return "'" + name + "' is in the body, and counts in the query alone";
        }
        return value == null ? "'" + name + "' is not percent-encoded UTF-8" : null;
    }

    /** Frameworks read {@code name[]} and {@code name[0]} as a further value of {@code name}. */
    private boolean isArrayOfOurs(String name) {
        int bracket = name.indexOf('[');
        String array = bracket < 0 ? "" : name.substring(0, bracket);
        return (names.withToken() && array.equals(TOKEN))
                || (names.withTimestamp() && array.equals(TIMESTAMP))
                || array.equals(names.taskId())
                || array.equals(names.code());
    }

    private boolean isWithinLimits(String text) {
        if (text.isEmpty() || text.length() > names.maxCodeLength()) {
            return false;
        }
        // No character of UTF-16 takes more than three bytes in UTF-8, so that most answers need not be encoded.
        return text.length() <= names.maxCodeLength() / 3
                || text.getBytes(StandardCharsets.UTF_8).length <= names.maxCodeLength();
    }

    /** Returns the token in the query; null if there is none. */
    @Nullable
    String token() {
        return token;
    }

    /** Returns the timestamp in the query; null if there is none. */
    @Nullable
    String timestamp() {
        return timestamp;
    }

    /** Returns the task id; null if it was not read yet. */
    @Nullable
    String taskId() {
        return taskId;
    }

    /** Returns the answer; null if it was not read yet. */
    @Nullable
    String code() {
        return code;
    }

    /** Returns everything that was read, other parameters included. */
    FormParameters all() {
        return all;
    }

    /** Returns a fixed text: the rest is a token, or was paid for. */
    @Override
    public String toString() {
        return "CallbackParameters[***]";
    }
}
