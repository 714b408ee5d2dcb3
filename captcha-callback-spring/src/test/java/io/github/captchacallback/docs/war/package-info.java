/** The web application without Boot of {@code docs/spring.md}, as its reader has it. */
@NullMarked
package io.github.captchacallback.docs.war;

import org.jspecify.annotations.NullMarked;
