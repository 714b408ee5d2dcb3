/** Tests of the documentation: every snippet is compiled or run. */
@NullMarked
package io.github.captchacallback.docs;

import org.jspecify.annotations.NullMarked;
