package io.github.captchacallback.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Puts load on Tomcat with each {@link Variant} in turns. What a request costs is taken from the server's CPU time, since
 * the generator shares the machine; how long an answer takes, at a rate that leaves the machine room.
 */
public final class Throughput {

    private static final int WARM_UP_TURNS = 4;

    /** Many short ones, since the machine drifts by more than the variants differ. */
    private static final int ROUNDS = 15;

    private static final int REQUESTS = 8_000;
    private static final int REQUESTS_AT_RATE = 4_000;
    private static final int REQUESTS_PER_SECOND = 2_000;
    private static final int FORGERIES = 1_000;
    private static final int CODE_CHARACTERS = 100;
    private static final long FIRST_TASK_ID = 70_000_000_000L;

    private final SplittableRandom random = new SplittableRandom(42);
    private final TomcatProcess tomcat;
    private final List<String> forgeries;
    private long tasks;

    private Throughput(TomcatProcess tomcat) throws IOException {
        this.tomcat = tomcat;
        forgeries = genuine(FORGERIES).stream()
                .map(target -> target.replaceFirst("[0-9a-f]{64}&", "0".repeat(64) + "&"))
                .toList();
    }

    /**
     * Measures and prints, and says what was to reach.
     *
     * @throws IllegalStateException where an answer is not the one that is due
     */
    public static void measure() throws IOException {
        try (TomcatProcess tomcat = TomcatProcess.start()) {
            Throughput throughput = new Throughput(tomcat);
            throughput.warmUp();
            System.out.print(TurnTable.of(throughput.rounds()));
        }
    }

    private void warmUp() throws IOException {
        for (int i = 0; i < WARM_UP_TURNS; i++) {
            for (Variant variant : Variant.values()) {
                Load.full(variant, tomcat.port(), targets(variant, REQUESTS));
                Load.at(REQUESTS_PER_SECOND, variant, tomcat.port(), targets(variant, REQUESTS_AT_RATE));
            }
        }
    }

    private List<Turn> rounds() throws IOException {
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            for (Variant variant : Variant.values()) {
                turns.add(turn(variant));
            }
        }
        return turns;
    }

    private Turn turn(Variant variant) throws IOException {
        List<String> targets = targets(variant, REQUESTS);
        long before = tomcat.cpuTime();
        Load.full(variant, tomcat.port(), targets);
        double cpuSeconds = (tomcat.cpuTime() - before) / 1e9;

        targets = targets(variant, REQUESTS_AT_RATE);
        Histogram micros = Load.at(REQUESTS_PER_SECOND, variant, tomcat.port(), targets);
        return new Turn(
                variant, REQUESTS / cpuSeconds, micros.getValueAtPercentile(50), micros.getValueAtPercentile(99));
    }

    /** All variants are sent targets of about the same length; only those that are accepted have to be fresh. */
    private List<String> targets(Variant variant, int count) throws IOException {
        if (variant == Variant.ACCEPTING) {
            return genuine(count);
        }
        List<String> sent = forgeries.stream()
                .map(target -> target.replace(Variant.ACCEPTING.contextPath(), variant.contextPath()))
                .toList();
        return Stream.generate(() -> sent).flatMap(List::stream).limit(count).toList();
    }

    private List<String> genuine(int count) throws IOException {
        return tomcat.issue(count).stream()
                .map(URI::create)
                .map(url ->
                        url.getPath() + "?" + url.getQuery() + "&id=" + (FIRST_TASK_ID + ++tasks) + "&code=" + code())
                .toList();
    }

    private String code() {
        return random.ints(CODE_CHARACTERS, 0, 16)
                .mapToObj(Integer::toHexString)
                .collect(Collectors.joining());
    }
}
