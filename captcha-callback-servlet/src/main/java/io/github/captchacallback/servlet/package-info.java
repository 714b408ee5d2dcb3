/** The servlet filter: it translates between a container and the core, and decides nothing. */
@NullMarked
package io.github.captchacallback.servlet;

import org.jspecify.annotations.NullMarked;
