/** A plain webapp, on nothing but the servlet API, whose tasks are called back for. */
@NullMarked
package io.github.captchacallback.samples.webxml;

import org.jspecify.annotations.NullMarked;
