/** Measures claims, the one step of a request that writes. */
@NullMarked
package io.github.captchacallback.benchmarks.store;

import org.jspecify.annotations.NullMarked;
