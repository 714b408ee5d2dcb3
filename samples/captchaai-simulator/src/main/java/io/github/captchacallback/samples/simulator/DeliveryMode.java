package io.github.captchacallback.samples.simulator;

/** Lists the values of {@code sim_deliver}. */
enum DeliveryMode {
    NORMAL,
    NEVER,
    TWICE,
    EARLY,
    GLUED,
    FIRST_PARAM
}
