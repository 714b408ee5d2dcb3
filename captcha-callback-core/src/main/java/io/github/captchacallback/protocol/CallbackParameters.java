package io.github.captchacallback.protocol;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.FormParameters;
import io.github.captchacallback.provider.CallbackFormat;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    /** The values in the order of the known names; null as long as there is none. */
    private final @Nullable String[] values;

    private FormParameters all = FormParameters.ofQuery(null);

    CallbackParameters(Names names) {
        this.names = names;
        this.values = new String[names.known().size()];
    }

    /**
     * Describes the parameters that a callback has under the settings.
     *
     * @param known those that a callback contains at most once: ours, then the task id's, then those of the result
     * @param signed how many of them are ours
     * @param maxCodeLength the longest value of a result, in UTF-8 bytes
     */
    record Names(List<String> known, int signed, int maxCodeLength) {

        static Names of(CallbackSettings settings) {
            SignatureSettings signature = settings.signature();
            List<String> known = new ArrayList<>();
            if (signature.inQuery()) {
                known.add(TOKEN);
            }
            if (signature.enabled()
                    && signature.scheme() == Scheme.TASK_ID
                    && settings.freshness().enabled()) {
                known.add(TIMESTAMP);
            }
            int signed = known.size();
            CallbackFormat format = settings.format();
            known.add(format.taskIdParameter());
            known.addAll(format.resultParameters());
            return new Names(List.copyOf(known), signed, settings.maxCodeLength());
        }

        private String taskId() {
            return known.get(signed);
        }
    }

    @Nullable
    String addQuery(@Nullable String query) {
        String problem = add(FormParameters.ofQuery(query), true);
        if (problem != null) {
            return problem;
        }
        for (int i = 0; i < names.signed(); i++) {
            if (values[i] == null) {
                return missing(names.known().get(i));
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
        int index = names.known().indexOf(name);
        if (index < 0) {
            return isArrayOfOurs(name) ? "a parameter is given as an array" : null;
        }
        if (values[index] != null) {
            return "'" + name + "' is given twice";
        }
        boolean signed = index < names.signed();
        if (signed && !inQuery) {
            return "'" + name + "' is in the body, and is allowed in the query only";
        }
        if (value == null) {
            return "'" + name + "' is not percent-encoded UTF-8";
        }
        values[index] = value;
        if (index == names.signed()) {
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
        return value(TOKEN);
    }

    /** Returns the timestamp in the query; null if there is none. */
    @Nullable
    String timestamp() {
        return value(TIMESTAMP);
    }

    /** Returns the task id; null if it was not read yet. */
    @Nullable
    String taskId() {
        return values[names.signed()];
    }

    /** Returns the result, after the body was read. */
    CallbackFormat.Reading result(CallbackFormat format) {
        return format.read(this::value);
    }

    private @Nullable String value(String name) {
        int index = names.known().indexOf(name);
        return index < 0 ? null : values[index];
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
