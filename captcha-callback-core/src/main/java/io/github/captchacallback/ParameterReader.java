package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettings.Scheme;
import io.github.captchacallback.signature.TokenText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of callbacks, and holds each to be there exactly once: in the query where it is ours, since a body
 * is no part of the URL that we signed, and in either where it is the service's.
 */
final class ParameterReader {

    private static final String TOKEN = "token";
    private static final String TIMESTAMP = "ts";

    private static final Pattern FORM = Pattern.compile(
            "application/x-www-form-urlencoded[ \\t]*(?:;[ \\t]*charset=\"?(?:utf-8|us-ascii)\"?[ \\t]*)?",
            Pattern.CASE_INSENSITIVE);

    /** A byte of an answer takes up to three characters in a form. */
    private static final int ENCODED_LENGTH = 3;

    /** What a form body may hold beside the answer: the task id and parameters that are not ours. */
    private static final int OTHER_PARAMETERS_LENGTH = 8192;

    private final boolean withToken;
    private final boolean withTimestamp;
    private final String taskIdName;
    private final String codeName;
    private final int maxCodeLength;

    ParameterReader(CallbackSettings settings) {
        CallbackSettings.Signature signature = settings.signature();
        withToken = signature.inQuery();
        withTimestamp = signature.enabled()
                && signature.scheme() == Scheme.TASK_ID
                && settings.freshness().enabled();
        taskIdName = settings.parameters().taskId();
        codeName = settings.parameters().code();
        maxCodeLength = settings.maxCodeLength();
    }

    /** Reads the parameters of a request, or returns null where they are malformed. */
    @Nullable
    CallbackParameters read(CallbackRequest request) {
        Collected collected = new Collected();
        // Without a token the body is not read: it could be large, and slow.
        if (!collected.addAll(FormParameters.ofQuery(request.query()), true) || !collected.hasOurs()) {
            return null;
        }
        byte[] body = body(request);
        boolean wellFormed = body != null && (body.length == 0 || collected.addAll(FormParameters.ofBody(body), false));
        return wellFormed ? collected.complete() : null;
    }

    private byte @Nullable [] body(CallbackRequest request) {
        String type = request.contentType();
        boolean form = type != null && FORM.matcher(type.strip()).matches();
        int limit = form ? ENCODED_LENGTH * maxCodeLength + OTHER_PARAMETERS_LENGTH : 0;
        try {
            byte[] bytes = request.body(limit + 1);
            return bytes.length > limit ? null : bytes;
        } catch (IOException e) {
            return null;
        }
    }

    /** Collects the parameters of one request; what is there a second time makes it malformed. */
    private final class Collected {

        private @Nullable TokenText token;
        private @Nullable String timestamp;
        private @Nullable String taskId;
        private @Nullable String code;

        boolean addAll(FormParameters parameters, boolean inQuery) {
            while (parameters.next()) {
                if (!add(parameters, inQuery)) {
                    return false;
                }
            }
            return true;
        }

        private boolean add(FormParameters parameter, boolean inQuery) {
            if (withToken && parameter.isNamed(TOKEN)) {
                boolean first = token == null;
                token = parameter.tokenValue();
                return first && inQuery && token != null;
            }
            if (withTimestamp && parameter.isNamed(TIMESTAMP)) {
                boolean first = timestamp == null;
                timestamp = parameter.asciiValue();
                return first && inQuery && timestamp != null;
            }
            if (parameter.isNamed(taskIdName)) {
                boolean first = taskId == null;
                taskId = parameter.asciiValue();
                return first && taskId != null;
            }
            if (parameter.isNamed(codeName)) {
                boolean first = code == null;
                code = parameter.value();
                return first && code != null;
            }
            String name = parameter.name();
            return name != null && !isArrayOfOurs(name);
        }

        /** Frameworks take {@code name[]} and {@code name[0]} for a further value of {@code name}. */
        private boolean isArrayOfOurs(String name) {
            int bracket = name.indexOf('[');
            String array = bracket < 0 ? "" : name.substring(0, bracket);
            return (withToken && array.equals(TOKEN))
                    || (withTimestamp && array.equals(TIMESTAMP))
                    || array.equals(taskIdName)
                    || array.equals(codeName);
        }

        boolean hasOurs() {
            return withToken == (token != null) && withTimestamp == (timestamp != null);
        }

        @Nullable
        CallbackParameters complete() {
            if (taskId == null || !TaskId.isValid(taskId) || code == null || !isWithinLimits(code)) {
                return null;
            }
            return new CallbackParameters(token, timestamp, taskId, code);
        }
    }

    private boolean isWithinLimits(String code) {
        if (code.isEmpty() || code.length() > maxCodeLength) {
            return false;
        }
        // No character of UTF-16 takes more than three bytes in UTF-8, so that most answers need not be encoded.
        return code.length() <= maxCodeLength / 3 || code.getBytes(StandardCharsets.UTF_8).length <= maxCodeLength;
    }
}
