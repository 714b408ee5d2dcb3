package io.github.captchacallback.benchmarks.redis;

import org.openjdk.jmh.annotations.Threads;

/** Measures claims in Redis by one thread. */
@Threads(1)
public class RedisClaimByOneThread extends RedisClaimBenchmark {}
