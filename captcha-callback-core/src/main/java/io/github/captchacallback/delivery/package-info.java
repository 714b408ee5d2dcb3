/** Handing a genuine callback to the application in the background. */
@NullMarked
package io.github.captchacallback.delivery;

import org.jspecify.annotations.NullMarked;
