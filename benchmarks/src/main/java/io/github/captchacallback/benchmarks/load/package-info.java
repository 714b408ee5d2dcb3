/** Measures what stays in memory, under many references and under a flood of forgeries, and what a server bears. */
@NullMarked
package io.github.captchacallback.benchmarks.load;

import org.jspecify.annotations.NullMarked;
