/** Measures how long it takes from the text of an address to the decision whether it may call. */
@NullMarked
package io.github.captchacallback.benchmarks.address;

import org.jspecify.annotations.NullMarked;
