package io.github.captchacallback.benchmarks.load;

/**
 * What one turn of a variant has measured.
 *
 * @param p50 microseconds
 * @param p99 microseconds
 */
record Turn(Variant variant, double requestsPerCpuSecond, double p50, double p99) {}
