package io.github.captchacallback.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Writes the means of all turns as a table in Markdown, beside the filter that only reads. A quarter of the turns is left
 * out at each end: the machine has stalled in some, and a median would be as coarse as the CPU time, 10 ms.
 */
final class TurnTable {

    private static final double LEAST_REQUESTS = 0.90;
    private static final double MOST_P99 = 1.20;

    private final List<Turn> turns;

    private TurnTable(List<Turn> turns) {
        this.turns = turns;
    }

    static String of(List<Turn> turns) {
        return new TurnTable(turns).text();
    }

    private String text() {
        StringBuilder text = new StringBuilder("\n| | requests per CPU second | from | to | × reading |")
                .append(" p50 µs | × reading | p99 µs | × reading |\n")
                .append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (Variant variant : Variant.values()) {
            text.append(row(variant));
        }
        return text.append(target(
                        "requests per CPU second",
                        ratio(Variant.REFUSING, Turn::requestsPerCpuSecond),
                        "at least",
                        LEAST_REQUESTS))
                .append(target("p99", ratio(Variant.REFUSING, Turn::p99), "at most", MOST_P99))
                .toString();
    }

    private String row(Variant variant) {
        double[] requests = middle(variant, Turn::requestsPerCpuSecond);
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %.2f | %,.0f | %.2f | %,.0f | %.2f |%n",
                variant.label(),
                mean(variant, Turn::requestsPerCpuSecond),
                requests[0],
                requests[requests.length - 1],
                ratio(variant, Turn::requestsPerCpuSecond),
                mean(variant, Turn::p50),
                ratio(variant, Turn::p50),
                mean(variant, Turn::p99),
                ratio(variant, Turn::p99));
    }

    private static String target(String what, double ratio, String bound, double due) {
        boolean reached = bound.equals("at least") ? ratio >= due : ratio <= due;
        return String.format(
                Locale.ROOT,
                "%nrefusing, %s: %.2f × reading, to reach %s %.2f: %s%n",
                what,
                ratio,
                bound,
                due,
                reached ? "reached" : "NOT REACHED");
    }

    private double ratio(Variant variant, ToDoubleFunction<Turn> figure) {
        return mean(variant, figure) / mean(Variant.READING, figure);
    }

    private double mean(Variant variant, ToDoubleFunction<Turn> figure) {
        return Arrays.stream(middle(variant, figure)).average().orElseThrow();
    }

    private double[] middle(Variant variant, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream()
                .filter(turn -> turn.variant() == variant)
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return Arrays.copyOfRange(sorted, sorted.length / 4, sorted.length - sorted.length / 4);
    }
}
