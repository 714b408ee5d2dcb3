/** The application of {@code docs/spring.md}, as its reader has it. */
@NullMarked
package io.github.captchacallback.docs.shop;

import org.jspecify.annotations.NullMarked;
