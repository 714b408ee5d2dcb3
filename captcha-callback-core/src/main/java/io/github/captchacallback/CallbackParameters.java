package io.github.captchacallback;

import io.github.captchacallback.FormParameters.Parameter;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettings.Scheme;
import io.github.captchacallback.settings.CallbackSettings.UrlStyle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parameters of a callback, of which each was there exactly once and has the right shape.
 *
 * @param token the token in the query; null where the configuration has none there
 * @param timestamp the timestamp in the query; null where there is none
 */
record CallbackParameters(@Nullable String token, @Nullable String timestamp, String taskId, String code) {

    static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private static final Pattern FORM = Pattern.compile(
            "application/x-www-form-urlencoded[ \\t]*(?:;[ \\t]*charset=\"?(?:utf-8|us-ascii)\"?[ \\t]*)?",
            Pattern.CASE_INSENSITIVE);

    /** A byte of an answer takes up to three characters in a form. */
    private static final int ENCODED_LENGTH = 3;

    /** What a form body may hold beside the answer: the task id and parameters that are not ours. */
    private static final int OTHER_PARAMETERS_LENGTH = 8192;

    /** Reads the parameters of a request, or returns null where they are malformed. */
    static @Nullable CallbackParameters read(CallbackRequest request, CallbackSettings settings) {
        List<Parameter> query = FormParameters.ofQuery(request.query()).all();
        FormParameters body = body(request, settings.maxCodeLength());
        if (body == null) {
            return null;
        }
        List<Parameter> all = Stream.concat(query.stream(), body.all().stream()).toList();
        if (all.stream().anyMatch(parameter -> parameter.name() == null)) {
            return null;
        }
        boolean withToken = carriesToken(settings);
        boolean withTimestamp = carriesTimestamp(settings);
        String token = withToken ? onceInQuery("token", query, all) : null;
        String timestamp = withTimestamp ? onceInQuery("ts", query, all) : null;
        String taskId = once(settings.parameters().taskId(), all);
        String code = once(settings.parameters().code(), all);
        boolean complete = (token != null || !withToken) && (timestamp != null || !withTimestamp);
        if (!complete || taskId == null || code == null) {
            return null;
        }
        boolean inShape = TASK_ID.matcher(taskId).matches() && isInLimits(code, settings.maxCodeLength());
        return inShape ? new CallbackParameters(token, timestamp, taskId, code) : null;
    }

    private static boolean carriesToken(CallbackSettings settings) {
        return settings.signature().enabled() && settings.signature().urlStyle() == UrlStyle.QUERY;
    }

    private static boolean carriesTimestamp(CallbackSettings settings) {
        return settings.signature().enabled()
                && settings.signature().scheme() == Scheme.TASK_ID
                && settings.freshness().enabled();
    }

    private static boolean isInLimits(String code, int maxBytes) {
        return !code.isEmpty() && code.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
    }

    /** Ours count in the query alone: a body is not part of the URL that we signed. */
    private static @Nullable String onceInQuery(String name, List<Parameter> query, List<Parameter> all) {
        return once(name, all) == null ? null : once(name, query);
    }

    /** Returns the value of a parameter that is there exactly once; null where it is not, or cannot be decoded. */
    private static @Nullable String once(String name, List<Parameter> parameters) {
        String value = null;
        for (Parameter parameter : parameters) {
            String other = String.valueOf(parameter.name());
            // Frameworks take "name[]" and "name[0]" for a further value of "name".
            if (other.startsWith(name + "[")) {
                return null;
            }
            if (other.equals(name)) {
                if (value != null || parameter.value() == null) {
                    return null;
                }
                value = parameter.value();
            }
        }
        return value;
    }

    private static @Nullable FormParameters body(CallbackRequest request, int maxCodeLength) {
        String type = request.contentType();
        boolean form = type != null && FORM.matcher(type.strip()).matches();
        int limit = form ? ENCODED_LENGTH * maxCodeLength + OTHER_PARAMETERS_LENGTH : 0;
        try {
            byte[] bytes = request.body(limit + 1);
            return bytes.length > limit ? null : FormParameters.ofBody(bytes);
        } catch (IOException e) {
            return null;
        }
    }
}
