package io.github.captchacallback.protocol;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.FormParameters;
import io.github.captchacallback.provider.CallbackFormat;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettings.Scheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parameters of one callback, and checks that each occurs at most once: ours in the query, since a body is no
 * part of the URL that we signed, and the service's in either. The body is read separately, because it can be large and slow.
 *
 * <p>Each method that adds returns what is malformed, in words without anything of the request, or null. Not safe for use by
 * several threads.
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
    private final Map<String, String> values = new HashMap<>();
    private FormParameters all = FormParameters.ofQuery(null);

    CallbackParameters(Names names) {
        this.names = names;
    }

    /**
     * Describes the parameters that a callback has under the settings.
     *
     * @param signed the parameters that our URL contains
     * @param taskId the parameter that contains the task id
     * @param known all of which a callback may contain each once
     * @param maxCodeLength the longest value of a result, in UTF-8 bytes
     */
    record Names(Set<String> signed, String taskId, Set<String> known, int maxCodeLength) {

        static Names of(CallbackSettings settings) {
            CallbackSettings.Signature signature = settings.signature();
            Set<String> signed = new HashSet<>();
            if (signature.inQuery()) {
                signed.add(TOKEN);
            }
            if (signature.enabled()
                    && signature.scheme() == Scheme.TASK_ID
                    && settings.freshness().enabled()) {
                signed.add(TIMESTAMP);
            }
            CallbackFormat format = settings.format();
            Set<String> known = new HashSet<>(signed);
            known.add(format.taskIdParameter());
            known.addAll(format.resultParameters());
            return new Names(signed, format.taskIdParameter(), known, settings.maxCodeLength());
        }
    }

    @Nullable
    String addQuery(@Nullable String query) {
        String problem = add(FormParameters.ofQuery(query), true);
        if (problem != null) {
            return problem;
        }
        for (String name : names.signed()) {
            if (!values.containsKey(name)) {
                return missing(name);
            }
        }
        return null;
    }

    /** Reads the body, and checks that there is a task id. */
    @Nullable
    String addBody(CallbackRequest request) {
        String type = request.contentType();
        Matcher form = type == null ? null : FORM.matcher(type.strip());
        boolean isForm = form != null && form.matches();
        int limit = isForm ? ENCODED_LENGTH * names.maxCodeLength() + OTHER_PARAMETERS_LENGTH : 0;
        byte[] body;
        try {
            body = request.body(limit + 1);
        } catch (IOException e) {
            return "the body ended early";
        }
        if (body.length > limit) {
            return isForm ? "the body is too long" : "the body is not of type application/x-www-form-urlencoded";
        }
        if (form != null && isForm && !isInUtf8(form.group(2)) && !isAscii(body)) {
            return "the body is in another charset than UTF-8";
        }
        String problem = body.length == 0 ? null : add(FormParameters.ofBody(body), false);
        if (problem != null) {
            return problem;
        }
        return taskId() == null ? missing(names.taskId()) : null;
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
        if (!names.known().contains(name)) {
            return isArrayOfOurs(name) ? "a parameter is given as an array" : null;
        }
        if (values.containsKey(name)) {
            return "'" + name + "' is given twice";
        }
        boolean signed = names.signed().contains(name);
        if (signed && !inQuery) {
            return "'" + name + "' is in the body, and is allowed in the query only";
        }
        if (value == null) {
            return "'" + name + "' is not percent-encoded UTF-8";
        }
        values.put(name, value);
        if (name.equals(names.taskId())) {
            return TaskId.isValid(value)
                    ? null
                    : "'" + name + "' is not 1 to 128 letters, digits, '.', '_', ':' and '-'";
        }
        return signed || isWithinLimit(value)
                ? null
                : "'" + name + "' is longer than " + names.maxCodeLength() + " bytes";
    }

    /** Frameworks read {@code name[]} and {@code name[0]} as a further value of {@code name}. */
    private boolean isArrayOfOurs(String name) {
        int bracket = name.indexOf('[');
        return bracket >= 0 && names.known().contains(name.substring(0, bracket));
    }

    private boolean isWithinLimit(String text) {
        // No character of UTF-16 takes more than three bytes in UTF-8, so that most answers need not be encoded.
        return text.length() <= names.maxCodeLength() / 3
                || text.getBytes(StandardCharsets.UTF_8).length <= names.maxCodeLength();
    }

    /** Returns the token in the query; null if there is none. */
    @Nullable
    String token() {
        return values.get(TOKEN);
    }

    /** Returns the timestamp in the query; null if there is none. */
    @Nullable
    String timestamp() {
        return values.get(TIMESTAMP);
    }

    /** Returns the task id; null if it was not read yet. */
    @Nullable
    String taskId() {
        return values.get(names.taskId());
    }

    /** Returns the result, after the body was read. */
    CallbackFormat.Reading result(CallbackFormat format) {
        return format.read(values::get);
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
