/** Benchmarks, each with its peers and its floor in the same run, so that the ratios mean something on any machine. */
@NullMarked
package io.github.captchacallback.benchmarks;

import org.jspecify.annotations.NullMarked;
