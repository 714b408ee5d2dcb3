/**
 * Runs the benchmarks, each with its peers and its floor in the same run, so that the ratios mean something on any machine,
 * and prints those ratios.
 */
@NullMarked
package io.github.captchacallback.benchmarks;

import org.jspecify.annotations.NullMarked;
