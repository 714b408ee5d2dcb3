package io.github.captchacallback.benchmarks.redis;

import org.openjdk.jmh.annotations.Threads;

/** Measures claims in Redis by 32 threads. */
@Threads(32)
public class RedisClaimByThirtyTwoThreads extends RedisClaimBenchmark {}
