package io.github.captchacallback.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what uCaptcha sends: {@code status=1} with the solution, or {@code status=0}, without a code, if the task failed. The
 * status decides, whatever the text of the solution.
 */
record StatusFormat(String taskIdParameter, String codeParameter) implements CallbackFormat {

    static final String STATUS = "status";
    private static final String FAILED = "0";
    private static final String SOLVED = "1";
    private static final Pattern ERROR_CODE = Pattern.compile("[A-Z0-9_: ]{1,64}");

    @Override
    public Set<String> resultParameters() {
        return Set.of(STATUS, codeParameter);
    }

    @Override
    public Reading read(Function<String, @Nullable String> values) {
        String status = values.apply(STATUS);
        String code = values.apply(codeParameter);
        if (status == null) {
            return new Reading.Malformed("'" + STATUS + "' is missing");
        }
        if (status.equals(FAILED)) {
            boolean named = code != null && ERROR_CODE.matcher(code).matches();
            return new Reading.Complete(new TaskResult.Failure(named ? code : STATUS + "=" + FAILED));
        }
        if (!status.equals(SOLVED)) {
            return new Reading.Malformed("'" + STATUS + "' is neither 0 nor 1");
        }
        return code == null || code.isEmpty()
                ? new Reading.Malformed("'" + codeParameter + "' is missing or empty")
                : new Reading.Complete(new TaskResult.Solution(code));
    }

    @Override
    public Map<String, String> write(String taskId, TaskResult result) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(taskIdParameter, taskId);
        if (result instanceof TaskResult.Solution solution) {
            values.put(STATUS, SOLVED);
            values.put(codeParameter, solution.text());
        } else {
            values.put(STATUS, FAILED);
        }
        return values;
    }
}
