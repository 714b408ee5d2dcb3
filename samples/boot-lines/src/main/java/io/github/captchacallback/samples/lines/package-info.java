/** One application for every line of Spring Boot, to be packaged on each and called from outside. */
@NullMarked
package io.github.captchacallback.samples.lines;

import org.jspecify.annotations.NullMarked;
