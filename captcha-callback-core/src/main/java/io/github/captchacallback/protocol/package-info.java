/** The protocol without any store: where a callback arrives, what it carries, and which check it fails. */
@NullMarked
package io.github.captchacallback.protocol;

import org.jspecify.annotations.NullMarked;
