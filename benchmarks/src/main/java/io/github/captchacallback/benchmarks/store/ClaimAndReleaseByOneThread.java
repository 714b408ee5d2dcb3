package io.github.captchacallback.benchmarks.store;

import org.openjdk.jmh.annotations.Threads;

/** Measures claims and releases of expected keys by one thread. */
@Threads(1)
public class ClaimAndReleaseByOneThread extends ClaimAndReleaseBenchmark {}
