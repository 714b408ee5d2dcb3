package io.github.captchacallback.samples.simulator;

/** Lists the values of {@code sim_method}. */
enum PingbackMethod {
    GET,
    POST
}
