package io.github.captchacallback.benchmarks.redis;

import org.openjdk.jmh.annotations.Threads;

/** Measures claims in Redis by 8 threads. */
@Threads(8)
public class RedisClaimByEightThreads extends RedisClaimBenchmark {}
