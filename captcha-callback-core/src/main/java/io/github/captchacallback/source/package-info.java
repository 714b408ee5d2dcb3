/** Who a callback comes from, and who may call back. */
@NullMarked
package io.github.captchacallback.source;

import org.jspecify.annotations.NullMarked;
