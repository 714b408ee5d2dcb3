package io.github.captchacallback.benchmarks.store;

import org.openjdk.jmh.annotations.Threads;

/** Measures claims of new keys by one thread. */
@Threads(1)
public class ClaimByOneThread extends ClaimBenchmark {}
