package io.github.captchacallback.benchmarks.store;

import io.github.captchacallback.benchmarks.Baseline;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Measures a claim of an expected key together with its release. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class ClaimAndReleaseBenchmark {

    @Benchmark
    public boolean ours(ExpectedClaims.OurStore means, ExpectedClaims.Share share) {
        return means.cycle(share);
    }

    @Benchmark
    @Baseline
    public boolean bareCaffeine(ExpectedClaims.BareCaffeine means, ExpectedClaims.Share share) {
        return means.cycle(share);
    }

    @Benchmark
    public boolean concurrentHashMap(ExpectedClaims.BareMap means, ExpectedClaims.Share share) {
        return means.cycle(share);
    }
}
