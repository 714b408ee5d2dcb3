package io.github.captchacallback.benchmarks.load;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Writes the medians of all turns as a table in Markdown, beside the filter that only reads. */
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
        double[] requests = sorted(variant, Turn::requestsPerCpuSecond);
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %.2f | %,.0f | %.2f | %,.0f | %.2f |%n",
                variant.label(),
                median(variant, Turn::requestsPerCpuSecond),
                requests[0],
                requests[requests.length - 1],
                ratio(variant, Turn::requestsPerCpuSecond),
                median(variant, Turn::p50),
                ratio(variant, Turn::p50),
                median(variant, Turn::p99),
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
        return median(variant, figure) / median(Variant.READING, figure);
    }

    private double median(Variant variant, ToDoubleFunction<Turn> figure) {
        double[] values = sorted(variant, figure);
        return values[values.length / 2];
    }

    private double[] sorted(Variant variant, ToDoubleFunction<Turn> figure) {
        return turns.stream()
                .filter(turn -> turn.variant() == variant)
                .mapToDouble(figure)
                .sorted()
                .toArray();
    }
}
