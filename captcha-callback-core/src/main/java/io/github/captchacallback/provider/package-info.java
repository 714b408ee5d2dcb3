/** What the supported services send, and how their answers are read. */
@NullMarked
package io.github.captchacallback.provider;

import org.jspecify.annotations.NullMarked;
