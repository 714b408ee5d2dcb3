/** What it costs to decide whether a request is for the callback endpoint, which every request of an application pays. */
@NullMarked
package io.github.captchacallback.benchmarks.path;

import org.jspecify.annotations.NullMarked;
