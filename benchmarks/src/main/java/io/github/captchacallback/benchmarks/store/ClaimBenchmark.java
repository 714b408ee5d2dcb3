package io.github.captchacallback.benchmarks.store;

import io.github.captchacallback.benchmarks.Baseline;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures claims of keys that are new to the store, in a steady state in which as many expire as come. It takes some seconds
 * until the heap, too, is in one: entries live long enough to be moved about in it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class ClaimBenchmark {

    @Benchmark
    @OperationsPerInvocation(FreshClaims.BATCH)
    public int ours(FreshClaims.OurStore means, Keys keys) {
        return means.claimBatch(keys);
    }

    @Benchmark
    @Baseline
    @OperationsPerInvocation(FreshClaims.BATCH)
    public int bareCaffeine(FreshClaims.BareCaffeine means, Keys keys) {
        return means.claimBatch(keys);
    }

    @Benchmark
    @OperationsPerInvocation(FreshClaims.BATCH)
    public int caffeineWithDefaultExecutor(FreshClaims.CaffeineWithDefaultExecutor means, Keys keys) {
        return means.claimBatch(keys);
    }

    @Benchmark
    @OperationsPerInvocation(FreshClaims.BATCH)
    public int concurrentHashMap(FreshClaims.BareMap means, Keys keys) {
        return means.claimBatch(keys);
    }
}
