package io.github.captchacallback.benchmarks.redis;

import io.github.captchacallback.benchmarks.Baseline;
import io.github.captchacallback.store.ClaimOutcome;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Measures claims in Redis beside a script that sets a key, over a connection of the same client to the same server. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
public abstract class RedisClaimBenchmark {

    @Benchmark
    @Baseline
    public Object scriptThatSetsAKey(Redis redis) throws Exception {
        return redis.setByScript();
    }

    @Benchmark
    public ClaimOutcome claim(Redis redis) {
        return redis.claim();
    }

    /** Expects, binds, claims and settles: four steps. */
    @Benchmark
    public boolean wholeCallback(Redis redis) {
        return redis.wholeCallback();
    }
}
