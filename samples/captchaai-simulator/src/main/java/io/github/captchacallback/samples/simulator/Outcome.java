package io.github.captchacallback.samples.simulator;

/** Lists the values of {@code sim_outcome}. */
enum Outcome {
    SOLVED,
    UNSOLVABLE
}
