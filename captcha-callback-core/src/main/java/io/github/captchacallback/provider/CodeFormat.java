package io.github.captchacallback.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what CaptchaAI, 2captcha and compatible services send: one parameter that contains the solution, or an error code if the
 * task failed. These services do not mark a failure in any other way, so the documented error codes tell it.
 */
record CodeFormat(String taskIdParameter, String codeParameter) implements CallbackFormat {

    private static final int MAX_ERROR_LENGTH = 64;
    private static final Pattern ERROR_CODE =
            Pattern.compile("ERROR_[A-Z0-9_]{1,58}|ERROR: [0-9]{1,8}|IP_BANNED|MAX_USER_TURN|TOO_MANY_BAD_IMAGES");

    @Override
    public Set<String> resultParameters() {
        return Set.of(codeParameter);
    }

    @Override
    public Reading read(Function<String, @Nullable String> values) {
        String code = values.apply(codeParameter);
        if (code == null) {
            return new Reading.Malformed("'" + codeParameter + "' is missing");
        }
        if (code.isEmpty()) {
            return new Reading.Malformed("'" + codeParameter + "' is empty");
        }
        boolean failed =
                code.length() <= MAX_ERROR_LENGTH && ERROR_CODE.matcher(code).matches();
        return new Reading.Complete(failed ? new TaskResult.Failure(code) : new TaskResult.Solution(code));
    }

    @Override
    public Map<String, String> write(String taskId, TaskResult result) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(taskIdParameter, taskId);
        values.put(
                codeParameter,
                result instanceof TaskResult.Solution solution
                        ? solution.text()
                        : ((TaskResult.Failure) result).errorCode());
        return values;
    }
}
