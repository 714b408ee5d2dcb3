/** What a step of the store in Redis costs beside the least that a script over the network costs. */
@NullMarked
package io.github.captchacallback.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
