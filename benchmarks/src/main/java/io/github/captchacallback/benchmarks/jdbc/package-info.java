/** Measures the store in a database beside one statement on the same database. */
@NullMarked
package io.github.captchacallback.benchmarks.jdbc;

import org.jspecify.annotations.NullMarked;
