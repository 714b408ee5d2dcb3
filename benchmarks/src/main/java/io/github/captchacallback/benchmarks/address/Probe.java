package io.github.captchacallback.benchmarks.address;

/** Says which clients are asked about. */
public enum Probe {
    HIT,
    MISS
}
