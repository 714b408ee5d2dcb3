package io.github.captchacallback.benchmarks;

import io.github.captchacallback.benchmarks.jdbc.JdbcClaims;
import io.github.captchacallback.benchmarks.load.ForgeryFlood;
import io.github.captchacallback.benchmarks.load.OutstandingReferences;
import io.github.captchacallback.benchmarks.load.Throughput;
import java.io.IOException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@code memory}, {@code flood}, {@code throughput} or {@code jdbc} if that is the first argument, and else JMH with whatever
 * options it is given, and prints its results as ratios.
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs what the arguments ask for.
     *
     * @param args {@code memory}, {@code flood}, {@code throughput}, {@code jdbc} and the URL of a PostgreSQL, or options of JMH
     */
    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "" : args[0]) {
            case "memory" -> System.exit(OutstandingReferences.measure() ? 0 : 1);
            case "flood" -> System.exit(ForgeryFlood.measure() ? 0 : 1);
            case "throughput" -> Throughput.measure();
            case "jdbc" -> JdbcClaims.measure(args[1]);
            default -> jmh(args);
        }
    }

    private static void jmh(String[] args) throws CommandLineOptionException, RunnerException, IOException {
        CommandLineOptions options = new CommandLineOptions(args);
        if (onlyAsks(options)) {
            org.openjdk.jmh.Main.main(args);
            return;
        }
        ChainedOptionsBuilder measured = new OptionsBuilder().parent(options);
        if (options.getProfilers().isEmpty()) {
            measured.addProfiler(GCProfiler.class);
        }
        System.out.print(RatioTables.of(new Runner(measured.build()).run()));
    }

    private static boolean onlyAsks(CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }
}
