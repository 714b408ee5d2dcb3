package io.github.captchacallback.benchmarks;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Writes results as tables in Markdown, one for each class of benchmarks and each set of parameters. */
final class RatioTables {

    private static final String BYTES_PER_OPERATION = "gc.alloc.rate.norm";

    private RatioTables() {}

    static String of(Collection<RunResult> results) {
        Map<String, List<RunResult>> groups = results.stream()
                .collect(Collectors.groupingBy(RatioTables::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        groups.forEach((group, members) -> append(text, group, members));
        return text.toString();
    }

    private static String group(RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> chosen = new TreeMap<>();
        params.getParamsKeys().forEach(key -> chosen.put(key, params.getParam(key)));
        String threads = params.getThreads() == 1 ? "1 thread" : params.getThreads() + " threads";
        return Stream.concat(
                        Stream.of(simpleName(className(result)), threads),
                        chosen.entrySet().stream().map(Object::toString))
                .collect(Collectors.joining(", "));
    }

    private static void append(StringBuilder text, String group, List<RunResult> members) {
        Optional<RunResult> baseline =
                members.stream().filter(RatioTables::isBaseline).findFirst();
        String unit = members.get(0).getPrimaryResult().getScoreUnit();
        text.append("\n### ").append(group).append("\n\n");
        text.append("| | median ").append(unit).append(" | ± of the mean | B/op | ");
        text.append(baseline.map(result -> "× " + methodName(result)).orElse("ratio"));
        text.append(" |\n| --- | ---: | ---: | ---: | ---: |\n");
        for (RunResult member : members) {
            text.append(row(member, baseline));
        }
    }

    private static String row(RunResult result, Optional<RunResult> baseline) {
        Result<?> score = result.getPrimaryResult();
        Result<?> bytes = result.getSecondaryResults().get(BYTES_PER_OPERATION);
        return "| %s | %s | %s | %s | %s |%n"
                .formatted(
                        methodName(result),
                        number(median(score)),
                        number(score.getScoreError()),
                        bytes == null ? "" : "%.0f".formatted(bytes.getScore()),
                        baseline.map(to -> "%.2f".formatted(median(score) / median(to.getPrimaryResult())))
                                .orElse(""));
    }

    /** One slow iteration, in which the machine had something else to do, moves the mean and not the median. */
    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }

    /** A single iteration has no error. */
    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static boolean isBaseline(RunResult result) {
        try {
            for (Method method : Class.forName(className(result)).getMethods()) {
                if (method.getName().equals(methodName(result)) && method.isAnnotationPresent(Baseline.class)) {
                    return true;
                }
            }
            return false;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("A benchmark was run whose class is not there", e);
        }
    }

    private static String className(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String methodName(RunResult result) {
        return simpleName(result.getParams().getBenchmark());
    }

    private static String simpleName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
