/** What operations see of callbacks, through Micrometer: meters and observations. */
@NullMarked
package io.github.captchacallback.spring.metrics;

import org.jspecify.annotations.NullMarked;
