package io.github.captchacallback.benchmarks.address;

import io.github.captchacallback.benchmarks.Baseline;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the way from a client's address as text to the decision whether it may call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllowlistBenchmark {

    @Benchmark
    public boolean ours(OurAllowlist list) {
        return list.decideNext();
    }

    @Benchmark
    @Baseline
    public boolean searchWithoutParsing(UnparsedSearch list) {
        return list.decideNext();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean ipaddressTrie(IpAddressTrie list) {
        return list.decideNext();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean tomcatNetMasks(TomcatNetMasks list) {
        return list.decideNext();
    }

    @Benchmark
    @Fork(1)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean springMatchers(SpringMatchers list) {
        return list.decideNext();
    }
}
