package io.github.captchacallback.benchmarks.store;

import org.openjdk.jmh.annotations.Threads;

/** Measures claims of new keys by two threads, each with keys of its own, in one store. */
@Threads(2)
public class ClaimByTwoThreads extends ClaimBenchmark {}
